import { playFaultsOf } from './of-the-day';

playFaultsOf('cluster');
