import { expect, test } from 'vitest'
import { ClientEnvironment } from '../../../main/engine/client-environment.ts'
import type { ServiceParts } from '../../../main/engine/services/context.ts'
import { jobHandlers } from '../../../main/engine/services/jobs.ts'
import type { JobDesk, Submission } from '../../../main/jobs/desk.ts'
import { submitted } from '../../support/job-events.ts'

test('a job is handed in with shell variables only; keys go to where providers read them', async () => {
  const handedIn: Submission[] = []
  const desk = {
    submit: async (submission: Submission) => {
      handedIn.push(submission)
      return 'job-01k9zzzzzzzzzzzzzzzzzzzzzz'
    },
  } as Partial<JobDesk> as JobDesk
  const clientEnvironment = new ClientEnvironment()
  const { submit } = jobHandlers({ desk, clientEnvironment } as ServiceParts)
  const { spec, ceiling, acceptsNoLease } = submitted
  const environment = { PATH: '/bin', CLOUD_API_KEY: 'key', SSH_AUTH_SOCK: '/agent' }
  const context = { signal: new AbortController().signal } as Parameters<typeof submit>[1]
  await submit({ spec, ceiling, acceptsNoLease, environment }, context)
  expect(handedIn.map((one) => one.environment)).toEqual([{ PATH: '/bin' }])
  expect(clientEnvironment.values()).toEqual({ CLOUD_API_KEY: 'key', SSH_AUTH_SOCK: '/agent' })
})
