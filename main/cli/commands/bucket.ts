import type { Command } from 'commander'
import type { BucketConfig } from '../../../preload/contract/bucket.ts'
import { type CliContext, say, sayJson } from '../context.ts'
import { readSecretValue } from '../read-secret-value.ts'

interface SetOptions {
  readonly endpoint?: string
  readonly region: string
  readonly prefix: string
  readonly accessKeyId: string
  readonly deleteWhenHome?: boolean
}

/** `sublet bucket`. */
export function addBucket(program: Command, context: CliContext): void {
  const bucket = program
    .command('bucket')
    .description('an S3 bucket for results that would take too long to come home (--results)')
    .addHelpText(
      'after',
      '\nExamples:\n  sublet bucket set results --region eu-central-1 --access-key-id AKIA...\n  pass show s3 | sublet bucket set results --endpoint https://s3.example.org --access-key-id ada\n  sublet bucket check\n  sublet run --script train.py --results bucket',
    )
  bucket
    .command('set')
    .description('use a bucket; its secret key is asked without echo, or read from standard input')
    .argument('<name>', 'name of the bucket')
    .option('--endpoint <url>', 'of an S3-compatible server; Amazon S3 by default')
    .option('--region <region>', 'region of the bucket', 'us-east-1')
    .option('--prefix <prefix>', 'before every key, such as team/sublet/', '')
    .requiredOption('--access-key-id <id>', 'the key’s public half')
    .option('--delete-when-home', 'delete results there once they are home')
    .action(async (name: string, options: SetOptions) => {
      const { endpoint, region, prefix, accessKeyId, deleteWhenHome } = options
      const config: BucketConfig = {
        endpoint: endpoint ?? null,
        region,
        bucket: name,
        prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`,
        accessKeyId,
        deleteWhenHome: deleteWhenHome === true,
      }
      const secretKey = await readSecretValue(context.io, `Secret key of ${accessKeyId}: `)
      const kept = await (await context.engine.api()).bucket.set({ config, secretKey })
      say(context, `Results may wait in ${name}. ${kept.sentence}`)
      say(context, 'See whether it works: sublet bucket check')
    })
  bucket
    .command('check')
    .description('write, read and delete a small object; see that a wrong one is refused')
    .action(async () => {
      say(context, (await (await context.engine.api()).bucket.check({})).sentence)
    })
  bucket
    .command('show')
    .description('what is set, without the secret key')
    .option('--json', 'a JSON object, or null')
    .action(async (options: { json?: boolean }) => {
      const { config } = await (await context.engine.api()).bucket.show({})
      if (options.json === true) sayJson(context, config)
      else if (config === null) say(context, 'No bucket: "sublet bucket set NAME" sets one.')
      else {
        say(context, `Bucket      ${config.bucket}/${config.prefix}`)
        say(context, `Server      ${config.endpoint ?? 'Amazon S3'}, ${config.region}`)
        say(context, `Key         ${config.accessKeyId}`)
        say(context, `Once home   ${config.deleteWhenHome ? 'deleted there' : 'kept there'}`)
      }
    })
  bucket
    .command('remove')
    .description('forget the bucket and its key; what lies there stays')
    .action(async () => {
      await (await context.engine.api()).bucket.remove({})
      say(context, 'The bucket is forgotten; what lies there stays.')
    })
}
