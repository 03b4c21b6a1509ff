/**
 * Baseline of a gp3 volume, which is free. To be written where nothing else is wanted: absent, the provider keeps the
 * numbers of before. Source: EBS User Guide, "General Purpose SSD volumes".
 */
export const GP3_BASELINE = { iops: 3000, throughput: 125 };
