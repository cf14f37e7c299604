import { readFileSync } from 'node:fs'
import { shellQuote } from '../../domain/shell-quote.ts'

/** What user data tells a machine that may never hear from us again. Physical seconds. */
export interface FirstLease {
  readonly rentalId: string
  /** From `sentAtS` to the hard end. */
  readonly endsInS: number
  /** When the launch was asked for, by this computer's clock: epoch seconds. */
  readonly sentAtS: number
  /** What the boot is expected to take, for a machine whose clock cannot tell. */
  readonly bootS: number
  readonly afterExitS: number
  /** Ends the machine when nobody has come for so long. */
  readonly idleS: number
  readonly graceS: number
  /** A POSIX sh command that ends the machine from the machine itself. */
  readonly hook: string
}

/**
 * User data for a machine's first start: a small watchdog, under 4,000 characters so that every
 * cloud takes it, which the supervisor replaces at the first login. It holds no secret.
 */
export function firstLeaseScript(lease: FirstLease): string {
  const { rentalId, hook } = lease
  const figures = {
    ENDS_IN_S: lease.endsInS,
    SENT_AT_S: lease.sentAtS,
    BOOT_S: lease.bootS,
    AFTER_EXIT_S: lease.afterExitS,
    IDLE_S: lease.idleS,
    GRACE_S: lease.graceS,
  }
  const head = [
    `RENTAL=${shellQuote(rentalId)}`,
    ...Object.entries(figures).map(
      ([name, seconds]) => `${name}=${Math.max(0, Math.floor(seconds))}`,
    ),
    `HOOK=${shellQuote(hook)}`,
  ]
  const text = readFileSync(new URL('first-watchdog.sh', import.meta.url), 'utf8')
  const commands = text.split('\n').filter((line) => !/^\s*(#|$)/.test(line))
  return ['#!/bin/sh', ...head, ...commands, ''].join('\n')
}
