import type { Page } from '@playwright/test'
import { writeFileSync } from 'node:fs'
import { fingerprint } from '../../../main/machine/ssh/keys.ts'
import { seriousFindings } from '../../support/app/axe.ts'
import { expect, test, type WireWatch } from '../../support/app/with-test-cloud.ts'
import { writeGatedScript } from '../../support/gated-script.ts'
import { sshdAvailable, startSshd } from '../../support/sshd.ts'
import { otherSublets, rightKey, wrongKey } from '../../support/test-cloud.ts'

async function openAccounts(app: Page): Promise<void> {
  await app.getByRole('link', { name: 'Accounts', exact: true }).click()
  await expect(app.getByRole('heading', { name: 'Accounts', level: 1 })).toBeVisible()
}

async function openForm(app: Page): Promise<void> {
  await app.getByRole('button', { name: 'Add an account' }).click()
  await app.getByRole('combobox', { name: 'Provider' }).click()
  await app.getByRole('option', { name: 'Test Cloud' }).click()
}

async function addAccount(app: Page, key: string): Promise<void> {
  const form = app.getByLabel('API key', { exact: true })
  if (!(await form.isVisible())) {
    await openForm(app)
    await app.getByLabel('Project').fill('vision-lab')
  }
  await form.fill(key)
  await app.getByRole('button', { name: 'Check and add' }).click()
}

/** The secret went out once, and is in nothing that the page shows, keeps or hears. */
async function expectForgotten(app: Page, wire: WireWatch, secret: string): Promise<void> {
  const carried = wire.frames.filter(({ text }) => text.includes(secret))
  expect(carried.map(({ sent }) => sent)).toEqual([true])
  expect(await app.content()).not.toContain(secret)
  const kept = await app.evaluate(() => ({
    local: JSON.stringify(window.localStorage),
    session: JSON.stringify(window.sessionStorage),
    fields: [...document.querySelectorAll('input, textarea')].map((field) =>
      'value' in field ? String(field.value) : '',
    ),
    attributes: [...document.querySelectorAll('*')].flatMap((element) =>
      [...element.attributes].map((attribute) => attribute.value),
    ),
  }))
  expect(JSON.stringify(kept)).not.toContain(secret)
}

test('a wrong key is refused in the provider’s words, a right one is kept and forgotten', async ({
  app,
  wire,
}) => {
  await openAccounts(app)
  await openForm(app)
  await app.getByLabel('Project').fill('Not A Project')
  await app.getByLabel('API key', { exact: true }).fill('sk-something-else')
  await app.getByRole('button', { name: 'Check and add' }).click()
  await expect(app.getByText('This does not look like the API key.')).toBeVisible()
  await expect(app.getByText('This does not look like the Project.')).toBeVisible()
  await expect(app.getByLabel('Project')).toBeFocused()
  expect(wire.frames.some(({ text }) => text.includes('sk-something-else'))).toBe(false)

  await app.getByLabel('Project').fill('vision-lab')
  await addAccount(app, wrongKey)
  await expect(app.getByText('Test Cloud does not know this API key')).toBeVisible()
  await expect(app.getByLabel('Project')).toHaveValue('vision-lab')
  await expect(app.getByLabel('API key', { exact: true })).toHaveValue('')
  await expectForgotten(app, wire, wrongKey)

  await addAccount(app, rightKey)
  const account = app.getByRole('listitem', { name: 'Account main' })
  await expect(account).toContainText('You are ada@example.org, project vision-lab.')
  await expect(account).toContainText('Balance $37.42')
  await expect(account).toContainText('yes, by the provider')
  await expectForgotten(app, wire, rightKey)
  expect(await seriousFindings(app)).toEqual([])
  await app.emulateMedia({ colorScheme: 'dark' })
  expect(await seriousFindings(app)).toEqual([])
  await account.getByRole('button', { name: 'Who can stop a machine' }).click()
  await expect(
    app.getByText('The machine: NO. A machine of Test Cloud has no command that ends it.'),
  ).toBeVisible()
  await app.keyboard.press('Escape')
  await expect(app.getByText('Secrets are kept in memory only')).toBeVisible()

  await account.getByRole('button', { name: 'More about main' }).click()
  await app.getByRole('menuitem', { name: 'Rename…' }).click()
  await app.getByLabel('Name', { exact: true }).fill('group')
  await app.getByRole('button', { name: 'Rename', exact: true }).click()
  await expect(app.getByRole('listitem', { name: 'Account group' })).toBeVisible()
})

test('another Sublet’s machine goes by its typed name, nobody’s is left to the provider', async ({
  app,
}) => {
  await openAccounts(app)
  await addAccount(app, rightKey)
  await expect(app.getByRole('listitem', { name: 'Account main' })).toBeVisible()
  await app.getByRole('button', { name: 'Check now' }).click()
  const machines = app.getByRole('table', { name: 'Everything that costs money' })
  const stranger = machines.getByRole('row', { name: 'jupyter-box' })
  await expect(stranger).toContainText('Sublet does not touch it unasked')
  await expect(stranger.getByRole('link', { name: 'Open the provider' })).toHaveAttribute(
    'href',
    'https://cloud.example/machines',
  )
  await machines.getByRole('button', { name: `Release ${otherSublets}` }).click()
  const release = app.getByRole('dialog').getByRole('button', { name: 'Release' })
  await expect(release).toBeDisabled()
  await app.getByLabel(`Type ${otherSublets} to go on`).fill(otherSublets)
  await release.click()
  await expect(app.getByText('is gone, as the provider confirmed')).toBeVisible()
  await expect(machines).not.toContainText(otherSublets)
})

test('an account with a running machine is not removed, and says which', async ({ app, user }) => {
  await openAccounts(app)
  await addAccount(app, rightKey)
  await expect(app.getByRole('listitem', { name: 'Account main' })).toBeVisible()
  const gate = await writeGatedScript(user.work)
  await user.submit(['job/job.sh', '--provider', 'testcloud', '--gpus', '0', '--name', 'gated'])
  await user.untilState('running')
  await app.getByRole('button', { name: 'Check now' }).click()
  const machines = app.getByRole('table', { name: 'Everything that costs money' })
  // Test Cloud rents at the sandbox, whose own account lists the machine too.
  await expect(machines.getByRole('link', { name: 'gated' }).first()).toBeVisible()

  await app.getByRole('button', { name: 'More about main' }).click()
  await app.getByRole('menuitem', { name: 'Remove…' }).click()
  const dialog = app.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await expect(dialog).toContainText('main cannot be removed while a machine of it has no receipt')
  await expect(dialog.getByRole('link', { name: 'gated' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Keep it' }).click()

  writeFileSync(gate, '')
  await user.untilState('done')
  await expect(async () => {
    await app.getByRole('button', { name: 'More about main' }).click()
    await app.getByRole('menuitem', { name: 'Remove…' }).click()
    await dialog.getByRole('button', { name: 'Remove' }).click()
    await expect(app.getByText('main is removed.')).toBeVisible({ timeout: 2_000 })
  }).toPass()
})

test('a secret goes in and is never seen again', async ({ app, wire }) => {
  const secret = 'hf_0123456789_never_again'
  await openAccounts(app)
  await app.getByLabel('Name of the secret').fill('HF-TOKEN')
  await app.getByLabel('Value', { exact: true }).fill(secret)
  await app.getByRole('button', { name: 'Store' }).click()
  await expect(app.getByText('Use letters, digits and _')).toBeVisible()
  await app.getByLabel('Name of the secret').fill('HF_TOKEN')
  await app.getByRole('button', { name: 'Store' }).click()
  await expect(app.getByText('HF_TOKEN is stored.')).toBeVisible()
  const row = app.getByRole('table', { name: 'Job secrets' }).getByRole('row', { name: 'HF_TOKEN' })
  await expect(row).toContainText('memory, this session only')
  await app.reload()
  await expect(row).toBeVisible()
  await expectForgotten(app, wire, secret)
  await app.getByRole('button', { name: 'Remove HF_TOKEN' }).click()
  await app.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(row).toHaveCount(0)
})

test('a host is added by its fingerprint, and a changed key is refused until its name is typed', async ({
  app,
}) => {
  test.skip(!sshdAvailable(), 'SKIPPED: needs OpenSSH on Linux (apt-get install openssh-server).')
  const sshd = await startSshd()
  try {
    await openAccounts(app)
    await app.getByRole('button', { name: 'Add a host' }).click()
    await app.getByLabel('Name of the host').fill('lab')
    await app.getByRole('button', { name: 'Show its key' }).click()
    await expect(app.getByLabel('Address')).toBeFocused()
    await app.getByLabel('Address').fill(`${sshd.user}@127.0.0.1:${sshd.port}`)
    await app.getByRole('textbox', { name: 'Private key file' }).fill(sshd.privateKeyPath)
    await app.getByLabel('What an hour costs, in USD').fill('0.40')
    await app.getByRole('button', { name: 'Show its key' }).click()
    const dialog = app.getByRole('dialog')
    const before = fingerprint((await sshd.hostKeys())[0] ?? '')
    await expect(dialog).toContainText(before)
    await expect(dialog).toContainText('ssh-keygen -lf')
    await dialog.getByRole('button', { name: 'Trust and add' }).click()
    const host = app.getByRole('listitem', { name: 'Host lab' })
    await expect(host).toContainText('CPUs')
    await expect(host).toContainText('$0.40/h in the books')

    await sshd.changeHostKeys()
    const now = fingerprint((await sshd.hostKeys())[0] ?? '')
    await host.getByRole('button', { name: 'Check' }).click()
    await expect(host).toContainText('shows another key than the one you trusted')
    await host.getByRole('button', { name: 'Compare the keys…' }).click()
    await expect(dialog).toContainText(before)
    await expect(dialog).toContainText(now)
    expect(await seriousFindings(app)).toEqual([])
    const trust = dialog.getByRole('button', { name: 'Trust the new key' })
    await expect(trust).toBeDisabled()
    await app.getByLabel('Type lab to trust the new key').fill('lab')
    await trust.click()
    await expect(host).toContainText(now)
    await expect(host).not.toContainText('another key')

    await host.getByRole('button', { name: 'More about lab' }).click()
    await app.getByRole('menuitem', { name: 'Remove…' }).click()
    await dialog.getByRole('button', { name: 'Remove' }).click()
    await expect(host).toHaveCount(0)
  } finally {
    await sshd.stop()
  }
})
