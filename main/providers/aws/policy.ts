import { rentalTag } from './instance.ts'

const ours = { StringLike: { [`aws:ResourceTag/${rentalTag}`]: 'sublet-*' } }
const asOurs = { StringLike: { [`aws:RequestTag/${rentalTag}`]: 'sublet-*' } }
const arn = (kind: string): string => `arn:aws:ec2:*:*:${kind}/*`

/** The least that Sublet needs: it may read, start what it tags, and end only what carries its tag. */
const policy = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Read',
      Effect: 'Allow',
      Action: [
        'sts:GetCallerIdentity',
        'pricing:GetProducts',
        'servicequotas:GetServiceQuota',
        'ec2:DescribeRegions',
        'ec2:DescribeInstanceTypes',
        'ec2:DescribeInstanceTypeOfferings',
        'ec2:DescribeSpotPriceHistory',
        'ec2:DescribeImages',
        'ec2:DescribeSubnets',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeInstances',
        'ec2:DescribeVolumes',
        'ec2:DescribeAddresses',
        'ec2:DescribeSpotInstanceRequests',
      ],
      Resource: '*',
    },
    {
      Sid: 'FindImage',
      Effect: 'Allow',
      Action: 'ssm:GetParameter',
      Resource: 'arn:aws:ssm:*::parameter/aws/service/deeplearning/*',
    },
    {
      Sid: 'StartWhatIsTagged',
      Effect: 'Allow',
      Action: 'ec2:RunInstances',
      Resource: ['instance', 'volume', 'network-interface', 'spot-instances-request'].map(arn),
      Condition: asOurs,
    },
    {
      Sid: 'StartFromThese',
      Effect: 'Allow',
      Action: 'ec2:RunInstances',
      Resource: ['arn:aws:ec2:*::image/*', arn('subnet'), arn('security-group')],
    },
    {
      Sid: 'MakeTaggedGroup',
      Effect: 'Allow',
      Action: 'ec2:CreateSecurityGroup',
      Resource: arn('security-group'),
      Condition: asOurs,
    },
    {
      Sid: 'MakeGroupInNetwork',
      Effect: 'Allow',
      Action: 'ec2:CreateSecurityGroup',
      Resource: arn('vpc'),
    },
    {
      Sid: 'TagWhileMaking',
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: 'arn:aws:ec2:*:*:*/*',
      Condition: { StringEquals: { 'ec2:CreateAction': ['RunInstances', 'CreateSecurityGroup'] } },
    },
    {
      Sid: 'EndWhatIsTagged',
      Effect: 'Allow',
      Action: [
        'ec2:TerminateInstances',
        'ec2:DeleteVolume',
        'ec2:ReleaseAddress',
        'ec2:CancelSpotInstanceRequests',
        'ec2:AuthorizeSecurityGroupIngress',
        'ec2:DeleteSecurityGroup',
      ],
      Resource: '*',
      Condition: ours,
    },
    {
      Sid: 'FirstSpotMachine',
      Effect: 'Allow',
      Action: 'iam:CreateServiceLinkedRole',
      Resource: 'arn:aws:iam::*:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot',
      Condition: { StringLike: { 'iam:AWSServiceName': 'spot.amazonaws.com' } },
    },
  ],
}

/** As JSON, to be pasted into IAM. */
export const leastPolicy = JSON.stringify(policy, null, 2)
