import { createServer } from 'node:http'
import { seriousFindings } from '../../support/app/axe.ts'
import { expect, test } from '../../support/app/fixtures.ts'
import { goTo } from '../../support/app/shoot.ts'
import { withEngine } from '../../support/engine-client.ts'

test('a bucket is set by keyboard, checked in words, changed and forgotten; its secret is never shown', async ({
  app,
  user,
}) => {
  // It answers every request as a server that does not know the key.
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      response.writeHead(403).end('<Error><Code>InvalidAccessKeyId</Code></Error>')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const endpoint = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`
  await goTo(app, '/settings?find=bucket')
  const section = app.getByRole('region', { name: 'Bucket for results' })
  await section.getByRole('button', { name: 'Set a bucket' }).press('Enter')
  const name = section.getByRole('textbox', { name: 'Name of the bucket' })
  await expect(name).toBeFocused()
  await name.press('Enter')
  await expect(name).toHaveAttribute('aria-invalid', 'true')
  await expect(section.getByText(/^Name of the bucket has 3 to 63 letters/)).toBeVisible()
  await app.keyboard.type('results')
  await app.keyboard.press('Tab')
  await app.keyboard.type(endpoint)
  await section.getByRole('textbox', { name: 'Access key ID' }).fill('ada')
  await section.getByLabel('Secret access key', { exact: true }).fill('canary-of-the-bucket')
  expect(await seriousFindings(app)).toEqual([])
  await app.keyboard.press('Enter')
  await expect(section.getByRole('status')).toContainText('Results may wait in results.')
  await expect(section.getByRole('button', { name: 'Change' })).toBeFocused()
  await expect(section.getByText('kept there')).toBeVisible()
  expect(await app.content()).not.toContain('canary-of-the-bucket')
  const shown = await withEngine(user.home, async (api) => await api.bucket.show({}))
  expect(shown.config).toMatchObject({ bucket: 'results', endpoint, accessKeyId: 'ada' })

  await section.getByRole('button', { name: 'Check' }).press('Enter')
  await expect(section.getByRole('alert')).toContainText('does not accept the key')
  expect(await seriousFindings(app)).toEqual([])

  await section.getByRole('button', { name: 'Remove' }).press('Enter')
  await app.getByRole('dialog').getByRole('button', { name: 'Remove' }).press('Enter')
  await expect(section.getByText('The bucket is forgotten; what lies there stays.')).toBeVisible()
  await expect(section.getByRole('button', { name: 'Set a bucket' })).toBeVisible()
  server.close()
})

test('the run form says which way results come home', async ({ app }) => {
  await goTo(app, '/run')
  await app.getByRole('button', { name: 'Try the demo' }).click()
  await expect(app.getByText(/^At most/)).toBeVisible()
  const home = app.getByRole('region', { name: 'Comes home' })
  await home.getByRole('button', { name: /^Change/ }).click()
  const way = home.getByRole('combobox', { name: 'They come home' })
  await way.press('Enter')
  await expect(app.getByRole('option', { name: /^Straight from the machine/ })).toBeFocused()
  await app.keyboard.press('ArrowDown')
  await app.keyboard.press('Enter')
  await expect(way).toContainText('By way of the bucket')
  await expect(app.getByText(/No bucket is set, so the results come straight home/)).toBeVisible()
  expect(await seriousFindings(app)).toEqual([])
})
