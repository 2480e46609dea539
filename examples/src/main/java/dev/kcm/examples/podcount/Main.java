package dev.kcm.examples.podcount;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiClients;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.manager.Manager;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Runs against the cluster of the surroundings: the pod's own, or the user's kubeconfig. */
public final class Main {

  static final ResourceType<Namespace> NAMESPACES = ResourceType.of(Namespace.class);
  static final ResourceType<Pod> PODS = ResourceType.of(Pod.class);

  private static final String NAME = "podcount";

  private Main() {}

  /** Runs until the process is told to end. */
  public static void main(String[] args) throws InterruptedException {
    Environment environment = Environment.system();
    // Has no registry to hand meters to; a real operator adds one.
    MeterRegistry meters = new CompositeMeterRegistry();
    ApiClient client = ApiClients.fromSurroundings().userAgent(NAME).meters(meters).build();
    Manager manager =
        Manager.named(NAME)
            .controllers(List.of(controller()))
            .clients(identity -> client)
            .informers(Informers.create(client, environment, meters))
            .meters(meters)
            .create(environment);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> manager.stop(Duration.ofSeconds(5)).join()));
    manager.start();
    new CountDownLatch(1).await();
  }

  static ControllerSpec controller() {
    return ControllerSpec.named(NAME).wiredBy(context -> List.of(loop(context)));
  }

  private static Loop<PodCountSnapshot> loop(ControllerContext context) {
    Informer<Namespace> namespaces = context.informer(NAMESPACES);
    Informer<Pod> pods = context.informer(PODS);
    return Loop.<PodCountSnapshot>named(NAME)
        .on(namespaces, Enqueue.self())
        .on(pods, Enqueue.to(pod -> List.of(namespaceOf(pod))))
        .reading(new PodCountReader(namespaces.lister(), pods.lister()))
        .deciding(new PodCountReconciler())
        .build();
  }

  private static ObjectKey namespaceOf(Pod pod) {
    return new ObjectKey("", pod.getMetadata().getNamespace());
  }
}
