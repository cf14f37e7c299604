import type { EC2 } from '@aws-sdk/client-ec2'
import type { z } from 'zod'
import { SubletError } from '../../domain/errors.ts'
import type { Pacers } from '../http/pacer.ts'
import type { Account, ProviderContext } from '../provider.ts'
import type { AwsClients } from './clients.ts'
import { awsError, cancelled } from './errors.ts'

/** How the SDK is told to stop. */
export interface How {
  readonly abortSignal: AbortSignal
}

/** The services that are asked, and how often (per account and region). */
export interface AwsPace {
  /** Reading from EC2. */
  readonly reads: Pacers
  /** Everything that makes or ends something. */
  readonly changes: Pacers
  /** Quotas, prices and parameters: their limits are lower. */
  readonly others: Pacers
}

/** Requests with one account's keys: paced, never repeated, their answers held to a schema. */
export class AwsApi {
  readonly clients: AwsClients
  readonly #account: Account
  readonly #context: ProviderContext
  readonly #pace: AwsPace

  constructor(clients: AwsClients, account: Account, context: ProviderContext, pace: AwsPace) {
    this.clients = clients
    this.#account = account
    this.#context = context
    this.#pace = pace
  }

  /** One question to EC2 in a region. */
  read<T extends z.ZodType>(
    schema: T,
    region: string,
    ask: (ec2: EC2, how: How) => Promise<unknown>,
    signal: AbortSignal,
  ): Promise<z.infer<T>> {
    return this.call(schema, region, 'reads', this.clients.ec2(region), ask, signal)
  }

  /** One change in a region. `unavailable` and `cancelled` leave its effect unknown. */
  change<T extends z.ZodType>(
    schema: T,
    region: string,
    ask: (ec2: EC2, how: How) => Promise<unknown>,
    signal: AbortSignal,
  ): Promise<z.infer<T>> {
    return this.call(schema, region, 'changes', this.clients.ec2(region), ask, signal)
  }

  /** One request to any service. Fails with a provider code. */
  async call<Client, T extends z.ZodType>(
    schema: T,
    region: string,
    group: keyof AwsPace,
    client: Promise<Client>,
    ask: (client: Client, how: How) => Promise<unknown>,
    signal: AbortSignal,
  ): Promise<z.infer<T>> {
    const { clock } = this.#context
    if (signal.aborted) throw cancelled(signal)
    try {
      const ready = await client
      await this.#pace[group].of(`${this.#account.id} ${region}`, clock).turn(signal)
      const read = schema.safeParse(await ask(ready, { abortSignal: signal }))
      if (read.success) return read.data
      const [issue] = read.error.issues
      throw new SubletError(
        'unavailable',
        `AWS answered in ${region} in a way that Sublet cannot read. Sublet asks again; an update may be needed.`,
        { nativeCode: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` },
      )
    } catch (thrown) {
      throw awsError(thrown, { region, signal, now: clock.now() })
    }
  }

  /** Every page of a question to EC2. */
  async *pages<T extends z.ZodType<{ readonly NextToken?: string | null | undefined }>>(
    schema: T,
    region: string,
    ask: (ec2: EC2, token: { readonly NextToken?: string }, how: How) => Promise<unknown>,
    signal: AbortSignal,
  ): AsyncGenerator<z.infer<T>> {
    let token: string | null | undefined
    do {
      const next = token ? { NextToken: token } : {}
      const page = await this.read(schema, region, (ec2, how) => ask(ec2, next, how), signal)
      yield page
      token = page.NextToken
    } while (token)
  }
}
