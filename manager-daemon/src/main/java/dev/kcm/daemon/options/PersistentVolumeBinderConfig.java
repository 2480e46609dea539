package dev.kcm.daemon.options;

import java.time.Duration;

/**
 * Settings of the controller that binds volumes to claims.
 *
 * @param syncPeriod pause between two looks at every volume and claim
 * @param dynamicProvisioning whether volumes are made for claims
 * @param hostPathProvisioning whether host path volumes are made, for tests
 * @param flexVolumePluginDir directory of FlexVolume drivers
 * @param recyclerTemplateHostPath file with the pod that recycles host path volumes, or empty
 * @param recyclerMinimumTimeoutHostPath least seconds for a host path volume
 * @param recyclerIncrementHostPath seconds added for each GiB of a host path volume
 * @param recyclerTemplateNfs file with the pod that recycles NFS volumes, or empty
 * @param recyclerMinimumTimeoutNfs least seconds for an NFS volume
 * @param recyclerIncrementNfs seconds added for each GiB of an NFS volume
 */
public record PersistentVolumeBinderConfig(
    Duration syncPeriod,
    boolean dynamicProvisioning,
    boolean hostPathProvisioning,
    String flexVolumePluginDir,
    String recyclerTemplateHostPath,
    int recyclerMinimumTimeoutHostPath,
    int recyclerIncrementHostPath,
    String recyclerTemplateNfs,
    int recyclerMinimumTimeoutNfs,
    int recyclerIncrementNfs) {}
