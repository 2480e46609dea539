package dev.kcm.controllers.network.endpoints;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.objects.PluginAccess;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.services.SelectingServices;
import dev.kcm.controllers.shared.services.ServicePodMapper;
import dev.kcm.controllers.shared.services.ServicePods;
import dev.kcm.core.access.Access;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;

/**
 * The Endpoints controller: names and wiring.
 *
 * <p>Immutable.
 */
public final class EndpointsController {

  /** Canonical name. */
  public static final String NAME = "endpoints-controller";

  /** Client identity and source of events; older than the canonical name, and kept. */
  private static final String COMPONENT = "endpoint-controller";

  /** After so many, upstream waits for the next event. */
  private static final int MAX_RETRIES = 15;

  private EndpointsController() {}

  /** The controller with the given tunables. */
  public static ControllerSpec spec(EndpointsConfig config) {
    return ControllerSpec.named(NAME)
        .alias("endpoint")
        .client(COMPONENT)
        .access(
            Access.to(Kinds.SERVICES)
                .watch("what is wanted")
                .get("whether it is gone for the server too, before its endpoints go"),
            Access.to(PodStates.TYPE).watch("addresses, readiness, labels"),
            Access.to(Kinds.ENDPOINTS)
                .watch("what is written down")
                .with("writing it", "create", "update", "delete"),
            PluginAccess.anyAddressIn(Kinds.ENDPOINTS),
            Access.toRecordEvents())
        .wiredBy(context -> List.of(loop(context, config)));
  }

  private static Loop<EndpointsSnapshot> loop(ControllerContext context, EndpointsConfig config) {
    Informer<Service> services = context.informer(Kinds.SERVICES);
    Informer<Pod> pods = context.informer(PodStates.TYPE);
    Informer<Endpoints> endpoints = context.informer(Kinds.ENDPOINTS);
    return Loop.<EndpointsSnapshot>named("endpoint")
        .component(COMPONENT)
        .on(services, Enqueue.self())
        .on(pods, new ServicePodMapper(SelectingServices.in(services), config.updatesBatchPeriod()))
        .on(endpoints, new EndpointsMapper())
        .reading(new EndpointsReader(services.lister(), endpoints.lister(), ServicePods.in(pods)))
        .deciding(new EndpointsReconciler())
        .workers(config.concurrentSyncs())
        .maxRetries(MAX_RETRIES)
        .build();
  }
}
