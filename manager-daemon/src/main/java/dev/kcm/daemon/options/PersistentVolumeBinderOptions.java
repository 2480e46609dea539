package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import java.time.Duration;
import java.util.List;

/**
 * Binding of volumes.
 *
 * <p><i>Immutable.</i>
 */
final class PersistentVolumeBinderOptions implements OptionGroup<PersistentVolumeBinderConfig> {

  private static final Flag<Duration> PERIOD =
      Flag.duration(
          "pvclaimbinder-sync-period", "15s", "Pause between two looks at every volume and claim.");

  private static final Flag<Boolean> DYNAMIC =
      Flag.bool("enable-dynamic-provisioning", true, "Make volumes for claims of a storage class.");

  private static final Flag<Boolean> HOSTPATH =
      Flag.bool(
          "enable-hostpath-provisioner",
          false,
          "Make host path volumes for claims; for tests only.");

  private static final Flag<String> FLEX =
      Flag.string(
          "flex-volume-plugin-dir",
          "/usr/libexec/kubernetes/kubelet-plugins/volume/exec/",
          "Directory of FlexVolume drivers.");

  private static final Flag<String> TEMPLATE_HOSTPATH =
      Flag.string(
          "pv-recycler-pod-template-filepath-hostpath",
          "",
          "File with the pod that recycles host path volumes.");

  private static final Flag<Integer> MINIMUM_HOSTPATH =
      Flag.int32(
          "pv-recycler-minimum-timeout-hostpath",
          60,
          "Least time in seconds to recycle a host path volume.");

  private static final Flag<Integer> INCREMENT_HOSTPATH =
      Flag.int32(
          "pv-recycler-timeout-increment-hostpath",
          30,
          "Seconds added for each GiB of a host path volume.");

  private static final Flag<String> TEMPLATE_NFS =
      Flag.string(
          "pv-recycler-pod-template-filepath-nfs",
          "",
          "File with the pod that recycles NFS volumes.");

  private static final Flag<Integer> MINIMUM_NFS =
      Flag.int32(
          "pv-recycler-minimum-timeout-nfs",
          300,
          "Least time in seconds to recycle an NFS volume.");

  private static final Flag<Integer> INCREMENT_NFS =
      Flag.int32(
          "pv-recycler-increment-timeout-nfs", 30, "Seconds added for each GiB of an NFS volume.");

  private static final Flag<List<String>> DENYLIST =
      Flag.strings("volume-host-cidr-denylist", "", "Without effect.")
          .ignoredSince("1.31", "it has no replacement and can be left out");

  private static final Flag<Boolean> LOOPBACK =
      Flag.bool("volume-host-allow-local-loopback", true, "Without effect.")
          .ignoredSince("1.31", "it has no replacement and can be left out");

  @Override
  public List<FlagGroup> flags() {
    return List.of(
        FlagGroup.of(
            "persistentvolume-binder-controller",
            PERIOD,
            DYNAMIC,
            HOSTPATH,
            FLEX,
            TEMPLATE_HOSTPATH,
            MINIMUM_HOSTPATH,
            INCREMENT_HOSTPATH,
            TEMPLATE_NFS,
            MINIMUM_NFS,
            INCREMENT_NFS,
            DENYLIST,
            LOOPBACK));
  }

  @Override
  public void check(Checks checks) {
    if (checks.runs("persistentvolume-binder-controller")) {
      checks.readableFile(TEMPLATE_HOSTPATH);
      checks.readableFile(TEMPLATE_NFS);
    }
  }

  @Override
  public PersistentVolumeBinderConfig read(FlagValues values) {
    return new PersistentVolumeBinderConfig(
        values.get(PERIOD),
        values.get(DYNAMIC),
        values.get(HOSTPATH),
        values.get(FLEX),
        values.get(TEMPLATE_HOSTPATH),
        values.get(MINIMUM_HOSTPATH),
        values.get(INCREMENT_HOSTPATH),
        values.get(TEMPLATE_NFS),
        values.get(MINIMUM_NFS),
        values.get(INCREMENT_NFS));
  }
}
