import { SubletError } from '../../domain/errors.ts'
import type { AwsApi } from './api.ts'
import { isCode } from './errors.ts'
import { imagesSchema, parameterSchema, type WireImage } from './wire.ts'

/** Amazon's pointer to its newest image with the open NVIDIA driver (used by ten repositories, 2026-11). */
const parameter =
  '/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-22.04/latest/ami-id'
/** The same images by name (dstack's backend for AWS, 2026-08). */
const imageName = 'Deep Learning Base OSS Nvidia Driver GPU AMI (Ubuntu 22.04) *'

/** What a machine starts from. */
export interface Image {
  readonly id: string
  readonly rootDevice: string
  /** The root disk is never smaller. */
  readonly minDiskGiB: number
}

/** The newest Deep Learning image of a region: Ubuntu with the NVIDIA driver, Docker and its runtime. */
export async function newestImage(
  api: AwsApi,
  region: string,
  owner: string,
  signal: AbortSignal,
): Promise<Image> {
  const id = await imageIdOf(api, region, signal)
  const { Images: images } = await api.read(
    imagesSchema,
    region,
    (ec2, how) =>
      ec2.describeImages(
        id === null
          ? {
              Owners: [owner],
              Filters: [
                { Name: 'name', Values: [imageName] },
                { Name: 'state', Values: ['available'] },
              ],
            }
          : { ImageIds: [id] },
        how,
      ),
    signal,
  )
  const newest = images.reduce<WireImage | undefined>(
    (best, one) => ((best?.CreationDate ?? '') > (one.CreationDate ?? '') ? best : one),
    undefined,
  )
  if (newest !== undefined) return imageOf(newest)
  throw new SubletError(
    'no-capacity',
    `Amazon's Deep Learning image cannot be found in ${region}: choose another region.`,
  )
}

/** Null where there is no such parameter, or it may not be read. */
async function imageIdOf(api: AwsApi, region: string, signal: AbortSignal): Promise<string | null> {
  try {
    const { Parameter } = await api.call(
      parameterSchema,
      region,
      'others',
      api.clients.ssm(region),
      (ssm, how) => ssm.getParameter({ Name: parameter }, how),
      signal,
    )
    return Parameter.Value
  } catch (thrown) {
    if (isCode(thrown, 'not-found', 'permission')) return null
    throw thrown
  }
}

function imageOf({
  ImageId: id,
  RootDeviceName: rootDevice,
  BlockDeviceMappings,
}: WireImage): Image {
  const root = BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === rootDevice)
  return { id, rootDevice, minDiskGiB: root?.Ebs?.VolumeSize ?? 0 }
}
