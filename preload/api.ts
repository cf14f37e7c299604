/** What the preload gives to the page as `window.sublet`; types only, for both sides. */

export interface PickOptions {
  readonly kind: 'files' | 'folder' | 'save'
  readonly title: string
  readonly defaultPath?: string
  readonly filters?: readonly { readonly name: string; readonly extensions: readonly string[] }[]
}

/** Where a click in the tray, the menu or a notification leads: a route of the renderer, `/jobs/…`. */
export type NavigateListener = (route: string) => void

export interface NativeApi {
  readonly kind: 'desktop'
  readonly platform: 'linux' | 'darwin' | 'win32'
  /** Asks for a port to the engine; it arrives as a window message `sublet:engine` with one port. */
  connect(): Promise<void>
  /** The path of a dropped or picked file; empty when the system knows none. */
  pathForFile(file: File): string
  /** Null when the user closes the dialog. */
  pick(options: PickOptions): Promise<readonly string[] | null>
  /** Shows a file or folder in the system's file manager. */
  reveal(path: string): Promise<void>
  /** Opens a folder; a file is only revealed, never run. */
  openPath(path: string): Promise<void>
  /** Opens a `vscode:` or `https:` address on the host's list; refuses every other. */
  openExternal(url: string): Promise<void>
  setTheme(theme: 'system' | 'light' | 'dark'): void
  onNavigate(listener: NavigateListener): void
}
