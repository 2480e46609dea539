package dev.kcm.controllers.network.endpointslicemirroring;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.objects.PluginAccess;
import dev.kcm.controllers.shared.slices.ManagedSlices;
import dev.kcm.controllers.shared.slices.SliceMapper;
import dev.kcm.controllers.shared.slices.SliceMetrics;
import dev.kcm.core.access.Access;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.queue.RateLimiter;
import dev.kcm.core.queue.RateLimiters;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.util.List;

/**
 * The mirroring controller: names and wiring.
 *
 * <p>Immutable.
 */
public final class MirroringController {

  /** Canonical name. */
  public static final String NAME = "endpointslice-mirroring-controller";

  /** Value of the label on each slice this controller writes. */
  static final String MANAGER = "endpointslicemirroring-controller.k8s.io";

  private static final String CLIENT = "endpointslicemirroring-controller";

  /** Source of events; older than the canonical name, and kept. */
  private static final String COMPONENT = "endpoint-slice-mirroring-controller";

  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(100);

  /** After so many, upstream waits for the next event. */
  private static final int MAX_RETRIES = 15;

  private MirroringController() {}

  /** The controller with the given tunables. */
  public static ControllerSpec spec(MirroringConfig config) {
    return ControllerSpec.named(NAME)
        .alias("endpointslicemirroring")
        .client(CLIENT)
        .access(
            Access.to(Kinds.ENDPOINTS).watch("what is to be mirrored"),
            PluginAccess.blockDeletionOf(Kinds.ENDPOINTS),
            Access.to(Kinds.SERVICES).watch("whether there is a selector"),
            Access.to(Kinds.ENDPOINT_SLICES)
                .watch("what is written down")
                .with("writing it", "create", "update", "delete"),
            PluginAccess.anyAddressIn(Kinds.ENDPOINT_SLICES),
            Access.toRecordEvents())
        .wiredBy(context -> List.of(loop(context, config)));
  }

  private static Loop<MirroringSnapshot> loop(ControllerContext context, MirroringConfig config) {
    Informer<Endpoints> endpoints = context.informer(Kinds.ENDPOINTS);
    Informer<Service> services = context.informer(Kinds.SERVICES);
    Informer<EndpointSlice> slices = context.informer(Kinds.ENDPOINT_SLICES);
    SliceMetrics metrics = SliceMetrics.in(context.meters(), MirroringReconciler.PREFIX);
    context.atStop(metrics::close);
    return Loop.<MirroringSnapshot>named("endpoint_slice_mirroring")
        .component(COMPONENT)
        .on(endpoints, new MirroredMapper(metrics::forget))
        .on(services, new SelectorMapper())
        .on(slices, new SliceMapper(MANAGER, config.updatesBatchPeriod()))
        .reading(
            new MirroringReader(
                config.maxEndpointsPerSubset(),
                endpoints.lister(),
                services.lister(),
                ManagedSlices.of(MANAGER, slices)))
        .deciding(new MirroringReconciler())
        .measuring(metrics)
        .limiter(() -> limiter(context.environment()))
        .workers(config.concurrentSyncs())
        .maxRetries(MAX_RETRIES)
        .build();
  }

  private static RateLimiter<ObjectKey> limiter(Environment environment) {
    return RateLimiters.maxOf(
        List.of(
            RateLimiters.<ObjectKey>exponential(FIRST_WAIT, LONGEST_WAIT),
            RateLimiters.<ObjectKey>bucket(
                environment.ticker(),
                RateLimiters.CONTROLLER_RATE,
                RateLimiters.CONTROLLER_BURST)));
  }
}
