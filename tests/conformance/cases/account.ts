import { expect, it } from 'vitest'
import type { Rig } from '../rig.ts'
import { failure, forever } from '../rig.ts'

/** Who the provider is, what it can do, and whose account this is. */
export function accountCases(rig: () => Rig): void {
  it('describes itself: id, name and a form for its credentials', () => {
    const { about } = rig().world.provider
    expect(about.id).toMatch(/^[a-z][a-z0-9-]*$/)
    expect(about.name).not.toBe('')
    const names = about.credentialFields.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const field of about.credentialFields) {
      expect(field.label).not.toBe('')
      expect(field.help).not.toBe('')
      if (field.pattern !== undefined) expect(() => new RegExp(String(field.pattern))).not.toThrow()
      if (field.link !== undefined) expect(field.link).toMatch(/^https:\/\//)
      if (field.environmentVariable !== undefined)
        expect(field.environmentVariable).toMatch(/^[A-Z][A-Z0-9_]*$/)
    }
  })

  it('says of every capability true, or a sentence why not', () => {
    const { spot, userData, tags, image, selfTermination, expiry, visibleWithinMs } =
      rig().world.provider.capabilities
    for (const capability of [spot, userData, tags, image, selfTermination, expiry]) {
      if (capability !== true) expect(capability).toMatch(/^[A-Z].+\.$/)
    }
    expect(visibleWithinMs).toBeGreaterThanOrEqual(0)
  })

  it('offers exactly the optional methods that its capabilities promise', () => {
    const { provider } = rig().world
    const { session } = rig()
    expect(session.expiry !== undefined).toBe(provider.capabilities.expiry === true)
    expect(session.selfTerminateCommand !== undefined).toBe(
      provider.capabilities.selfTermination === true,
    )
  })

  it('checks the account: fine, and whose it is', async () => {
    const status = await rig().session.check(forever)
    expect(status).toMatchObject({ ok: true })
    expect(status.identity).not.toBe('')
    expect(status.message).toMatch(/\.$/)
  })

  it('says of a refused key that it is refused, and never shows it', async (context) => {
    await rig().misbehave(context, { kind: 'bad-key', operation: 'check' })
    const status = await rig().session.check(forever)
    expect(status.ok).toBe(false)
    expect(status.message).not.toBe('')
    await rig().misbehave(context, { kind: 'bad-key', operation: 'list' })
    const error = await failure(rig().listed(rig().ref(rig().request(await rig().offer()))))
    expect(error.code).toBe('auth')
    const shown = `${error.message} ${JSON.stringify(error.extras)} ${JSON.stringify(status)}`
    const secrets = rig().world.provider.about.credentialFields.filter(({ secret }) => secret)
    for (const { name } of secrets)
      expect(shown).not.toContain(rig().world.account.credentials[name])
  })

  it('tells a missing permission from a wrong key', async (context) => {
    const request = rig().request(await rig().offer())
    await rig().misbehave(context, { kind: 'permission', operation: 'launch' })
    expect((await failure(rig().session.launch(request, forever))).code).toBe('permission')
  })
}
