import type { SettingsStore } from '../features/settings/settings-store.ts'
import type { ThemeControl } from './theme.ts'

/**
 * Makes the theme one for all windows: the engine's setting wins over what this window remembers,
 * and what is chosen here (by the palette, say) becomes the setting.
 */
export function shareTheme(
  control: ThemeControl,
  settings: Pick<SettingsStore, 'state' | 'change'>,
): void {
  const { theme } = control
  const chosen = (): string | undefined => settings.state.getState().snapshot?.values.theme
  settings.state.subscribe(({ snapshot }, before) => {
    const next = snapshot?.values.theme
    if (next === undefined || next === before.snapshot?.values.theme) return
    if (next !== theme.getState().theme) control.set(next)
  })
  theme.subscribe(({ theme: next }) => {
    if (chosen() !== undefined && chosen() !== next) void settings.change('theme', next)
  })
}
