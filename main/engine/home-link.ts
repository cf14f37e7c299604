import type { MirrorTerms } from '../domain/mirror-limits.ts'
import { LinkSpeeds } from '../jobs/link-speeds.ts'
import type { HomeLink } from '../jobs/ports.ts'
import type { Settings } from '../settings/settings.ts'
import { MeteredLink } from './metered-link.ts'

const bytesPerGb = 1_000_000_000

/** The line home as the settings, the system and earlier transfers describe it. */
export class EngineHomeLink implements HomeLink {
  readonly speeds: LinkSpeeds
  readonly #settings: Settings
  readonly #link: MeteredLink

  constructor(settings: Settings, speedsFile: string, link: MeteredLink = new MeteredLink()) {
    this.#settings = settings
    this.#link = link
    this.speeds = new LinkSpeeds(speedsFile)
  }

  mirror(): MirrorTerms {
    return {
      off: !this.#settings.get('mirror'),
      everyMs: this.#settings.get('mirrorEveryMs'),
      maxBytes: this.#settings.get('mirrorMaxGb') * bytesPerGb,
      maxCostMicros: this.#settings.get('mirrorMaxMicros'),
    }
  }

  async metered(): Promise<string | null> {
    const chosen = this.#settings.get('meteredLink')
    if (chosen === 'no') return null
    if (chosen === 'yes') return 'This connection is set as metered.'
    return (await this.#link.isMetered())
      ? 'Your system says that this connection is metered.'
      : null
  }
}
