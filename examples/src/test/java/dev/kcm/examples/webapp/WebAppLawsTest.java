package dev.kcm.examples.webapp;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.examples.webapp.WebAppReconciler.Snapshot;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.ReconcilerLaws;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

class WebAppLawsTest extends ReconcilerLaws<Snapshot> {

  @Override
  protected ResourceType<?> primary() {
    return WebAppReconciler.APPS;
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      int apps = random.nextInt(4);
      for (int i = 0; i < apps; i++) {
        add(world, "app-" + i, random);
      }
      return world;
    };
  }

  /** An app with or without its finalizer; each child missing, current, outdated or foreign. */
  private static void add(List<HasMetadata> world, String name, RandomGenerator random) {
    WebApp app = random(name, random);
    WebApp earlier = random(name, random);
    if (random.nextInt(3) == 0) {
      app.getMetadata().setFinalizers(List.of());
    }
    if (random.nextInt(5) == 0) {
      app.getMetadata().setFinalizers(List.of(WebAppReconciler.FINALIZER));
      app.getMetadata().setDeletionTimestamp(start().toString());
    }
    world.add(app);
    switch (random.nextInt(4)) {
      case 0 -> world.add(TestWebApp.page(app));
      case 1 -> world.add(TestWebApp.page(earlier));
      case 2 -> world.add(foreign(TestWebApp.page(earlier)));
      default -> {}
    }
    switch (random.nextInt(4)) {
      case 0 -> world.add(TestWebApp.server(app, random.nextInt(3)));
      case 1 -> world.add(TestWebApp.server(earlier, random.nextInt(3)));
      case 2 -> world.add(foreign(TestWebApp.server(earlier, 1)));
      default -> {}
    }
  }

  private static WebApp random(String name, RandomGenerator random) {
    return TestWebApp.named(
        name, "nginx:" + random.nextInt(3), random.nextInt(3), "m" + random.nextInt(3));
  }

  private static ConfigMap foreign(ConfigMap page) {
    return new ConfigMapBuilder(page).editMetadata().withOwnerReferences().endMetadata().build();
  }

  private static Deployment foreign(Deployment server) {
    return new DeploymentBuilder(server).editMetadata().withOwnerReferences().endMetadata().build();
  }

  @Override
  protected ModelLoop<Snapshot> wire(ModelCaches caches) {
    Informer<WebApp> apps = caches.informer(WebAppReconciler.APPS);
    Informer<ConfigMap> pages = caches.informer(WebAppReconciler.PAGES);
    Informer<Deployment> servers = caches.informer(WebAppReconciler.SERVERS);
    return ModelLoop.<Snapshot>over(caches)
        .on(apps, Enqueue.self())
        .on(pages, Enqueue.self())
        .on(servers, Enqueue.self())
        .reading(
            (key, settled) ->
                apps.lister()
                    .get(key)
                    .map(
                        app ->
                            new Snapshot(app, pages.lister().get(key), servers.lister().get(key))))
        .deciding(new WebAppReconciler());
  }

  /** What the Deployment controller and the pods come to. */
  @Override
  protected void progress(ModelCluster cluster) {
    for (Deployment server : cluster.list(Deployment.class)) {
      Integer wanted = server.getSpec().getReplicas();
      if (server.getStatus() == null || !wanted.equals(server.getStatus().getReadyReplicas())) {
        cluster.change(
            Deployment.class,
            ObjectKey.of(server),
            old ->
                new DeploymentBuilder(old)
                    .editOrNewStatus()
                    .withReadyReplicas(wanted)
                    .endStatus()
                    .build());
      }
    }
  }

  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    for (HasMetadata object : start) {
      boolean foreign =
          !(object instanceof WebApp) && object.getMetadata().getOwnerReferences().isEmpty();
      if (foreign && !isAsBefore(object, cluster)) {
        throw new AssertionError("an object of somebody else was touched: " + object);
      }
    }
    for (Deployment server : cluster.list(Deployment.class)) {
      if (cluster.get(WebApp.class, ObjectKey.of(server)).isEmpty()
          && !server.getMetadata().getOwnerReferences().isEmpty()
          && server.getMetadata().getDeletionTimestamp() == null) {
        throw new AssertionError("a server has outlived its app: " + server);
      }
    }
  }

  private static boolean isAsBefore(HasMetadata object, ModelCluster cluster) {
    ObjectKey key = ObjectKey.of(object);
    return object instanceof ConfigMap page
        ? cluster
            .get(ConfigMap.class, key)
            .map(ConfigMap::getData)
            .equals(Optional.of(page.getData()))
        : cluster
            .get(Deployment.class, key)
            .map(Deployment::getSpec)
            .equals(Optional.of(((Deployment) object).getSpec()));
  }
}
