import { playFaultsOf } from './of-the-day';

playFaultsOf('instance');
