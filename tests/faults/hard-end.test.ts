import { faultClass } from './classes/hard-end.ts'
import { holdForSeeds } from './hold-for-seeds.ts'

holdForSeeds(faultClass, 90_000)
