package dev.kcm.controllers.lifecycle.namespace;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.access.Access;
import dev.kcm.core.informer.HandlerOptions;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.queue.RateLimiter;
import dev.kcm.core.queue.RateLimiters;
import dev.kcm.core.time.Ticker;
import io.fabric8.kubernetes.api.model.Namespace;
import java.time.Duration;
import java.util.List;

/**
 * Deletion of namespaces: names and wiring.
 *
 * <p>Immutable.
 */
public final class NamespaceController {

  /** Canonical name. */
  public static final String NAME = "namespace-controller";

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private NamespaceController() {}

  /** The controller with the given tunables. */
  public static ControllerSpec spec(NamespaceConfig config) {
    return ControllerSpec.named(NAME)
        .alias("namespace")
        .client(NAME)
        .access(
            Access.to(Kinds.NAMESPACES)
                .watch("those being deleted")
                .get("whether the server itself says so"),
            Access.to(Access.ALL, Access.ALL)
                .list("what is left; of most resources only metadata is read")
                .with("the content", "deletecollection", "delete"),
            Access.to(Kinds.NAMESPACES, "status").update("phase and conditions"),
            Access.to(Kinds.NAMESPACES, "finalize").update("the release"))
        .wiredBy(context -> List.of(loop(context, config)));
  }

  private static Loop<NamespaceSnapshot> loop(ControllerContext context, NamespaceConfig config) {
    Informer<Namespace> namespaces = context.informer(Kinds.NAMESPACES);
    return Loop.<NamespaceSnapshot>named("namespace")
        .component(NAME)
        .on(
            namespaces,
            NamespaceMapper.INSTANCE,
            HandlerOptions.DEFAULTS.withResync(config.syncPeriod()))
        .reading(new NamespaceReader(namespaces.lister()))
        .deciding(new NamespaceReconciler())
        .workers(config.concurrentSyncs())
        .limiter(() -> limiter(context.environment().ticker()))
        .build();
  }

  private static RateLimiter<ObjectKey> limiter(Ticker ticker) {
    return RateLimiters.maxOf(
        List.<RateLimiter<? super ObjectKey>>of(
            RateLimiters.exponential(RateLimiters.CONTROLLER_BASE, LONGEST_WAIT),
            RateLimiters.bucket(
                ticker, RateLimiters.CONTROLLER_RATE, RateLimiters.CONTROLLER_BURST)));
  }
}
