import { faultClass } from './classes/engine-kills.ts'
import { holdForSeeds } from './hold-for-seeds.ts'

holdForSeeds(faultClass, 150_000)
