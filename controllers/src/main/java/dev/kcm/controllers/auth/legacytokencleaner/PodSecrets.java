package dev.kcm.controllers.auth.legacytokencleaner;

import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The names of the Secrets that pods refer to, in whatever way.
 *
 * <p>Confined to one pass.
 */
final class PodSecrets {

  private final Set<String> names = new HashSet<>();

  private PodSecrets() {}

  static Set<String> of(Collection<Pod> pods) {
    PodSecrets secrets = new PodSecrets();
    for (Pod pod : pods) {
      if (pod.getSpec() != null) {
        secrets.add(pod.getSpec());
      }
    }
    return secrets.names;
  }

  private void add(PodSpec spec) {
    each(spec.getImagePullSecrets(), this::add);
    each(spec.getContainers(), c -> environment(c.getEnv(), c.getEnvFrom()));
    each(spec.getInitContainers(), c -> environment(c.getEnv(), c.getEnvFrom()));
    each(spec.getEphemeralContainers(), c -> environment(c.getEnv(), c.getEnvFrom()));
    each(spec.getVolumes(), this::add);
  }

  private void environment(List<EnvVar> variables, List<EnvFromSource> sources) {
    each(
        variables,
        variable ->
            add(
                variable.getValueFrom(),
                from -> from.getSecretKeyRef() == null ? null : from.getSecretKeyRef().getName()));
    each(
        sources,
        source -> {
          if (source.getSecretRef() != null) {
            add(source.getSecretRef().getName());
          }
        });
  }

  private void add(Volume volume) {
    add(volume.getSecret(), secret -> secret.getSecretName());
    add(volume.getAzureFile(), azure -> azure.getSecretName());
    if (volume.getProjected() != null) {
      each(
          volume.getProjected().getSources(),
          (VolumeProjection source) -> add(source.getSecret(), secret -> secret.getName()));
    }
    add(volume.getCsi(), csi -> name(csi.getNodePublishSecretRef()));
    add(volume.getFlexVolume(), flex -> name(flex.getSecretRef()));
    add(volume.getCephfs(), ceph -> name(ceph.getSecretRef()));
    add(volume.getCinder(), cinder -> name(cinder.getSecretRef()));
    add(volume.getRbd(), rbd -> name(rbd.getSecretRef()));
    add(volume.getIscsi(), iscsi -> name(iscsi.getSecretRef()));
    add(volume.getScaleIO(), scale -> name(scale.getSecretRef()));
    add(volume.getStorageos(), storage -> name(storage.getSecretRef()));
  }

  private void add(LocalObjectReference reference) {
    add(reference.getName());
  }

  private <T> void add(@Nullable T part, Function<T, @Nullable String> name) {
    if (part != null) {
      add(name.apply(part));
    }
  }

  private void add(@Nullable String name) {
    if (name != null && !name.isEmpty()) {
      names.add(name);
    }
  }

  private static @Nullable String name(@Nullable LocalObjectReference reference) {
    return reference == null ? null : reference.getName();
  }

  private static <T> void each(@Nullable Collection<T> parts, Consumer<T> consumer) {
    if (parts != null) {
      parts.forEach(consumer);
    }
  }
}
