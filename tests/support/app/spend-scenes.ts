import type { SeedRental } from './seed-books.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const jobs = ['finetune-vit', 'ablation-lr', 'render-nerf', 'notebooks', 'tts-eval'] as const
const projects = ['vision', 'ablations', 'nerf', null, 'speech'] as const
const providers = ['vast', 'lambda', 'runpod', 'aws'] as const
const gpus = ['RTX 4090', 'A10', 'RTX A5000', 'L4'] as const

/** One rental that ended some hours ago. */
export function oneRental(now: number, changes: Partial<SeedRental> = {}): SeedRental {
  return {
    job: 'finetune-vit',
    project: 'vision',
    providerId: 'vast',
    gpu: 'RTX 4090',
    from: now - 3 * hourMs,
    minutes: 97,
    idleMinutes: 0,
    microsPerHour: 420_000,
    estimateMicros: 700_000,
    billedMicros: 681_000,
    simulated: false,
    ...changes,
  }
}

/** `days` days of rentals up to `now`, the same at every call. */
export function manyRentals(now: number, days: number, perDay: number): SeedRental[] {
  // A fixed sequence of shares: tests and screenshots must not differ from run to run.
  let seed = 7
  const share = (): number => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  return Array.from({ length: days * perDay }, (_, index) => {
    const which = Math.floor(share() * jobs.length)
    const at = Math.floor(share() * providers.length)
    const minutes = 12 + Math.floor(share() * share() * 260)
    const microsPerHour = 300_000 + Math.floor(share() * 1_600_000)
    const idleMinutes = share() < 0.2 ? 6 + Math.floor(share() * 20) : 0
    const metered = Math.round((microsPerHour * (minutes + idleMinutes)) / 60)
    return {
      job: jobs[which] ?? 'notebooks',
      project: projects[which] ?? null,
      providerId: providers[at] ?? 'vast',
      gpu: gpus[at] ?? null,
      from: now - Math.floor(((index + share()) / perDay) * dayMs) - 6 * hourMs,
      minutes,
      idleMinutes,
      microsPerHour,
      estimateMicros: Math.round(metered * (0.94 + share() * 0.12)),
      billedMicros: share() < 0.7 ? metered + Math.round((share() - 0.5) * 20_000) : null,
      simulated: share() < 0.05,
    }
  })
}
