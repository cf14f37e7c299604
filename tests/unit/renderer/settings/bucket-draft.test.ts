import { expect, it } from 'vitest'
import { bucketDraft, readBucket } from '../../../../renderer/features/settings/bucket-draft.ts'

const typed = { ...bucketDraft(null), bucket: ' results ', accessKeyId: 'AKIA' }

it('takes Amazon S3 and its usual region where nothing is said, and ends a prefix with a slash', () => {
  expect(readBucket({ ...typed, prefix: 'team/sublet' })).toEqual({
    ok: true,
    config: {
      bucket: 'results',
      endpoint: null,
      region: 'us-east-1',
      prefix: 'team/sublet/',
      accessKeyId: 'AKIA',
      deleteWhenHome: false,
    },
  })
})

it('says of each field what is wrong with it, in its own name', () => {
  const reading = readBucket({ ...typed, bucket: 'a', endpoint: 's3.example.org', accessKeyId: '' })
  expect(reading).toEqual({
    ok: false,
    problems: {
      bucket: 'Name of the bucket has 3 to 63 letters, digits, . _ and -.',
      endpoint: 'Server has to begin with https:// or http://.',
      accessKeyId: 'Access key ID is missing or too long.',
    },
  })
})

it('reads back what is set', () => {
  const reading = readBucket({ ...typed, endpoint: 'https://s3.example.org', region: 'eu-1' })
  if (!reading.ok) throw new Error('It does not read.')
  expect(readBucket(bucketDraft(reading.config))).toEqual(reading)
})
