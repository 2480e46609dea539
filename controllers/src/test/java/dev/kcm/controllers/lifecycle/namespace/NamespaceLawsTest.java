package dev.kcm.controllers.lifecycle.namespace;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.ReconcilerLaws;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

class NamespaceLawsTest extends ReconcilerLaws<NamespaceSnapshot> {

  @Override
  protected ResourceType<?> primary() {
    return Kinds.NAMESPACES;
  }

  /** Namespaces have keys only while they are being deleted. */
  @Override
  protected List<ObjectKey> keys(ModelCluster cluster) {
    return cluster.list(Namespace.class).stream()
        .filter(namespace -> namespace.getMetadata().getDeletionTimestamp() != null)
        .filter(namespace -> !namespace.getSpec().getFinalizers().isEmpty())
        .map(ObjectKey::of)
        .toList();
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      for (String name : List.of("a", "b", "c")) {
        world.add(namespace(name, random));
        for (int i = random.nextInt(3); i > 0; i--) {
          world.add(pod(name, "p" + i, random));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
          world.add(map(name, "m" + i, random));
        }
      }
      return world;
    };
  }

  @Override
  protected ModelLoop<NamespaceSnapshot> wire(ModelCaches caches) {
    Informer<Namespace> namespaces = caches.informer(Kinds.NAMESPACES);
    return ModelLoop.<NamespaceSnapshot>over(caches)
        .on(namespaces, NamespaceMapper.INSTANCE)
        .reading(new NamespaceReader(namespaces.lister()))
        .deciding(new NamespaceReconciler());
  }

  /** Whoever holds an object by a finalizer lets go. */
  @Override
  protected void progress(ModelCluster cluster) {
    cluster.list(ConfigMap.class).stream()
        .filter(map -> map.getMetadata().getDeletionTimestamp() != null)
        .filter(map -> !map.getMetadata().getFinalizers().isEmpty())
        .forEach(
            map ->
                cluster.change(
                    ConfigMap.class,
                    ObjectKey.of(map),
                    held -> {
                      held.getMetadata().setFinalizers(List.of());
                      return held;
                    }));
  }

  /** Active namespaces lose nothing; no namespace is released before it is empty. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    for (Namespace namespace : cluster.list(Namespace.class)) {
      boolean active = namespace.getMetadata().getDeletionTimestamp() == null;
      boolean released = !active && namespace.getSpec().getFinalizers().isEmpty();
      for (HasMetadata object : cluster.all()) {
        boolean inside =
            namespace.getMetadata().getName().equals(object.getMetadata().getNamespace());
        boolean deleted = object.getMetadata().getDeletionTimestamp() != null;
        if (inside && (released || (active && deleted))) {
          throw new AssertionError(
              namespace.getMetadata().getName() + " and " + object.getMetadata().getName());
        }
      }
    }
  }

  private static Namespace namespace(String name, RandomGenerator random) {
    boolean deleting = random.nextInt(3) > 0;
    return new NamespaceBuilder()
        .withNewMetadata()
        .withName(name)
        .withUid("uid-of-" + name)
        .withDeletionTimestamp(deleting ? start().toString() : null)
        .endMetadata()
        .withNewSpec()
        .withFinalizers("kubernetes")
        .endSpec()
        .withNewStatus()
        .withPhase(deleting && random.nextBoolean() ? "Terminating" : "Active")
        .endStatus()
        .build();
  }

  private static Pod pod(String namespace, String name, RandomGenerator random) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withTerminationGracePeriodSeconds(random.nextLong(60))
        .endSpec()
        .build();
  }

  private static ConfigMap map(String namespace, String name, RandomGenerator random) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .withFinalizers(random.nextBoolean() ? List.of() : List.of("laws.kcm.dev/hold"))
        .endMetadata()
        .build();
  }
}
