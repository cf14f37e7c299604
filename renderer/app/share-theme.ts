import type { SettingsStore } from '../features/settings/settings-store.ts'
import type { Theme, ThemeControl } from './theme.ts'

/**
 * Makes the theme one for all windows: the engine's setting wins over what this window remembers,
 * and what is chosen here (by the palette, say) becomes the setting, also when it was chosen before
 * the engine had answered.
 */
export function shareTheme(
  control: ThemeControl,
  settings: Pick<SettingsStore, 'state' | 'change'>,
): void {
  const { theme } = control
  let early: Theme | null = null
  settings.state.subscribe(({ snapshot }, before) => {
    const next = snapshot?.values.theme
    if (next === undefined || next === before.snapshot?.values.theme) return
    if (early !== null && early !== next) void settings.change('theme', early)
    else if (next !== theme.getState().theme) control.set(next)
    early = null
  })
  theme.subscribe(({ theme: next }) => {
    const chosen = settings.state.getState().snapshot?.values.theme
    if (chosen === undefined) early = next
    else if (chosen !== next) void settings.change('theme', next)
  })
}
