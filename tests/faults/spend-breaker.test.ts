import { faultClass } from './classes/spend-breaker.ts'
import { holdForSeeds } from './hold-for-seeds.ts'

holdForSeeds(faultClass)
