/** Calls back after every change of the theme, the page's or the system's; returns how to stop. */
export function watchTheme(window: Window, changed: () => void): () => void {
  const root = window.document.documentElement
  const observer = new MutationObserver(changed)
  observer.observe(root, { attributes: true, attributeFilter: ['data-theme'] })
  const system = window.matchMedia('(prefers-color-scheme: dark)')
  system.addEventListener('change', changed)
  return () => {
    observer.disconnect()
    system.removeEventListener('change', changed)
  }
}
