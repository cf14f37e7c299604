/** How this cloud turns time into money. All prices are integer micro-dollars. */
export interface BillingTerms {
  readonly incrementMs: number
  readonly minimumMs: number
  readonly startsAt: 'launch' | 'running'
  readonly diskMicrosPerGibHour: number
  readonly egressMicrosPerGib: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** The terms that machine types refer to by name. */
export const billingTerms = {
  /** Per second from running on, at least a minute; disk and traffic included. */
  second: {
    incrementMs: 1000,
    minimumMs: minuteMs,
    startsAt: 'running',
    diskMicrosPerGibHour: 0,
    egressMicrosPerGib: 0,
  },
  /** Per second from launch on, at least a minute, with disk and traffic on top. */
  secondExtras: {
    incrementMs: 1000,
    minimumMs: minuteMs,
    startsAt: 'launch',
    diskMicrosPerGibHour: 110,
    egressMicrosPerGib: 90_000,
  },
  minute: {
    incrementMs: minuteMs,
    minimumMs: minuteMs,
    startsAt: 'running',
    diskMicrosPerGibHour: 0,
    egressMicrosPerGib: 0,
  },
  minuteLaunch: {
    incrementMs: minuteMs,
    minimumMs: 10 * minuteMs,
    startsAt: 'launch',
    diskMicrosPerGibHour: 0,
    egressMicrosPerGib: 0,
  },
  hour: {
    incrementMs: hourMs,
    minimumMs: hourMs,
    startsAt: 'launch',
    diskMicrosPerGibHour: 0,
    egressMicrosPerGib: 0,
  },
} as const satisfies Record<string, BillingTerms>

export type BillingName = keyof typeof billingTerms
