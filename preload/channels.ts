/** The names of what passes between the preload and the main process of the desktop app. */
export const channels = {
  /** The window asks for a port to the engine; it is posted back under the same name. */
  connect: 'sublet:engine',
  pick: 'sublet:pick',
  reveal: 'sublet:reveal',
  openPath: 'sublet:open-path',
  openExternal: 'sublet:open-external',
  setTheme: 'sublet:set-theme',
  /** From the main process: show this route. */
  navigate: 'sublet:navigate',
} as const
