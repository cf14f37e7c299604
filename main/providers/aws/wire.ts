import { z } from 'zod'

// As far as Sublet uses them; unknown fields are ignored. The SDK answers nonsense with an empty
// object, so a list must be there to be believed.

const paged = { NextToken: z.string().nullish() }
const tagsSchema = z.array(z.object({ Key: z.string(), Value: z.string() })).nullish()
export type WireTags = z.infer<typeof tagsSchema>

/** What a change answers that nobody reads. */
export const anything = z.unknown()

export const identitySchema = z.object({ Account: z.string(), Arn: z.string() })

export const regionsSchema = z.object({ Regions: z.array(z.object({ RegionName: z.string() })) })

export const wireTypeSchema = z.object({
  InstanceType: z.string(),
  VCpuInfo: z.object({ DefaultVCpus: z.int() }),
  MemoryInfo: z.object({ SizeInMiB: z.number() }),
  ProcessorInfo: z.object({ SupportedArchitectures: z.array(z.string()) }),
  SupportedUsageClasses: z.array(z.string()).nullish(),
  GpuInfo: z
    .object({
      Gpus: z.array(
        z.object({
          Name: z.string(),
          Manufacturer: z.string(),
          /** 0 for a part of a card. */
          Count: z.int(),
          MemoryInfo: z.object({ SizeInMiB: z.number() }),
        }),
      ),
    })
    .nullish(),
})
export type WireType = z.infer<typeof wireTypeSchema>
export const typesSchema = z.object({ ...paged, InstanceTypes: z.array(wireTypeSchema) })

export const typeZonesSchema = z.object({
  ...paged,
  InstanceTypeOfferings: z.array(z.object({ InstanceType: z.string(), Location: z.string() })),
})

export const spotPricesSchema = z.object({
  ...paged,
  SpotPriceHistory: z.array(
    z.object({
      AvailabilityZone: z.string(),
      InstanceType: z.string(),
      /** US dollars an hour: `0.4211`. */
      SpotPrice: z.string(),
      Timestamp: z.date(),
    }),
  ),
})

export const quotaSchema = z.object({ Quota: z.object({ Value: z.number() }) })

/** Each row is JSON in a string, which the SDK wraps in a String object of its own. */
export const productsSchema = z.object({ ...paged, PriceList: z.array(z.coerce.string()) })

const dimensionsSchema = z.record(
  z.string(),
  z.object({
    unit: z.string(),
    pricePerUnit: z.object({ USD: z.string().optional() }),
  }),
)
export const productSchema = z.object({
  product: z.object({
    attributes: z.object({ instanceType: z.string(), marketoption: z.string().optional() }),
  }),
  terms: z.object({
    OnDemand: z.record(z.string(), z.object({ priceDimensions: dimensionsSchema })).optional(),
    Reserved: z
      .record(
        z.string(),
        z.object({
          priceDimensions: dimensionsSchema,
          termAttributes: z.object({
            LeaseContractLength: z.string().optional(),
            PurchaseOption: z.string().optional(),
            OfferingClass: z.string().optional(),
          }),
        }),
      )
      .optional(),
  }),
})

export const parameterSchema = z.object({ Parameter: z.object({ Value: z.string() }) })

const deviceSchema = z.object({
  DeviceName: z.string().nullish(),
  Ebs: z.object({ VolumeSize: z.int().nullish() }).nullish(),
})
export const wireImageSchema = z.object({
  ImageId: z.string(),
  CreationDate: z.string().nullish(),
  RootDeviceName: z.string(),
  BlockDeviceMappings: z.array(deviceSchema).nullish(),
})
export type WireImage = z.infer<typeof wireImageSchema>
export const imagesSchema = z.object({ Images: z.array(wireImageSchema) })

export const wireSubnetSchema = z.object({
  SubnetId: z.string(),
  VpcId: z.string(),
  AvailabilityZone: z.string(),
  DefaultForAz: z.boolean().nullish(),
  MapPublicIpOnLaunch: z.boolean().nullish(),
})
export type WireSubnet = z.infer<typeof wireSubnetSchema>
export const subnetsSchema = z.object({ ...paged, Subnets: z.array(wireSubnetSchema) })

export const groupsSchema = z.object({
  ...paged,
  SecurityGroups: z.array(z.object({ GroupId: z.string(), VpcId: z.string().nullish() })),
})
export const madeGroupSchema = z.object({ GroupId: z.string() })

export const wireInstanceSchema = z.object({
  InstanceId: z.string(),
  InstanceType: z.string(),
  State: z.object({
    Name: z.enum(['pending', 'running', 'shutting-down', 'terminated', 'stopping', 'stopped']),
  }),
  StateReason: z.object({ Code: z.string().nullish(), Message: z.string().nullish() }).nullish(),
  PublicIpAddress: z.string().nullish(),
  InstanceLifecycle: z.string().nullish(),
  SpotInstanceRequestId: z.string().nullish(),
  LaunchTime: z.date().nullish(),
  Tags: tagsSchema,
})
export type WireInstance = z.infer<typeof wireInstanceSchema>
export const instancesSchema = z.object({
  ...paged,
  Reservations: z.array(z.object({ Instances: z.array(wireInstanceSchema) })),
})
export const launchedSchema = z.object({
  Instances: z.array(wireInstanceSchema).min(1),
  OwnerId: z.string().nullish(),
})
export const terminatedSchema = z.object({
  TerminatingInstances: z.array(
    z.object({ CurrentState: z.object({ Name: z.string() }).nullish() }),
  ),
})

export const wireVolumeSchema = z.object({
  VolumeId: z.string(),
  State: z.string(),
  Size: z.int(),
  VolumeType: z.string().nullish(),
  CreateTime: z.date().nullish(),
  Attachments: z
    .array(
      z.object({
        InstanceId: z.string().nullish(),
        DeleteOnTermination: z.boolean().nullish(),
      }),
    )
    .nullish(),
  Tags: tagsSchema,
})
export type WireVolume = z.infer<typeof wireVolumeSchema>
export const volumesSchema = z.object({ ...paged, Volumes: z.array(wireVolumeSchema) })

export const wireAddressSchema = z.object({
  AllocationId: z.string(),
  PublicIp: z.string().nullish(),
  InstanceId: z.string().nullish(),
  AssociationId: z.string().nullish(),
  Tags: tagsSchema,
})
export type WireAddress = z.infer<typeof wireAddressSchema>
export const addressesSchema = z.object({ Addresses: z.array(wireAddressSchema) })

export const wireSpotRequestSchema = z.object({
  SpotInstanceRequestId: z.string(),
  State: z.string(),
  Type: z.string().nullish(),
  Status: z.object({ Code: z.string().nullish(), UpdateTime: z.date().nullish() }).nullish(),
  InstanceId: z.string().nullish(),
  CreateTime: z.date().nullish(),
  Tags: tagsSchema,
})
export type WireSpotRequest = z.infer<typeof wireSpotRequestSchema>
export const spotRequestsSchema = z.object({
  ...paged,
  SpotInstanceRequests: z.array(wireSpotRequestSchema),
})
