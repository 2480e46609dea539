package dev.kcm.core.loop;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.kcm.core.api.Fence;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.queue.RateLimiters;
import dev.kcm.core.run.Pods;
import dev.kcm.core.run.ScriptedApi;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * A loop over pods on virtual time: what a test needs around it.
 *
 * <p>Confined to the thread of the test.
 */
final class LoopWorld {

  static final ObjectKey A = new ObjectKey("default", "a");

  final VirtualEnvironment environment;
  final ScriptedApi api;
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final FakeInformer<Pod> pods;
  Fence fence = Fence.OPEN;

  LoopWorld(long seed) {
    this.environment = VirtualEnvironment.seeded(seed);
    this.api = ScriptedApi.on(environment);
    this.pods = FakeInformer.of(Pods.TYPE, environment);
  }

  /** Reads pods; still to be given who decides. */
  Loop.Builder<Pod> builder() {
    return Loop.<Pod>named("test")
        .limiter(() -> RateLimiters.exponential(Duration.ofSeconds(1), Duration.ofMinutes(1)))
        .on(pods, Enqueue.self())
        .reading((key, settled) -> pods.lister().get(key));
  }

  RunningLoop<Pod> start(Loop<Pod> loop) {
    pods.sync();
    RunningLoop<Pod> running = loop.start(host());
    environment.run();
    return running;
  }

  LoopHost host() {
    Fence asked =
        new Fence() {
          @Override
          public Optional<String> closedBecause() {
            return fence.closedBecause();
          }

          @Override
          public Optional<String> term() {
            return fence.term();
          }
        };
    return new LoopHost(environment, api, meters, component -> emit -> {}, asked);
  }

  double count(String meter) {
    return meters.get(meter).counter().count();
  }

  static Pod pod(String name, String version) {
    return new PodBuilder(Pods.named(name))
        .editMetadata()
        .withResourceVersion(version)
        .endMetadata()
        .build();
  }

  static Action update(Pod pod) {
    return Action.update(Pods.TYPE, pod, "differs");
  }

  /** What a class logs while the task runs, and nowhere else. */
  static List<ILoggingEvent> heard(Class<?> of, Level level, Runnable task) {
    Logger logger = (Logger) LoggerFactory.getLogger(of);
    ListAppender<ILoggingEvent> heard =
        new ListAppender<>() {
          @Override
          protected void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing();
            super.append(event);
          }
        };
    heard.start();
    logger.addAppender(heard);
    logger.setLevel(level);
    logger.setAdditive(false);
    try {
      task.run();
    } finally {
      logger.detachAppender(heard);
      logger.setLevel(null);
      logger.setAdditive(true);
    }
    return heard.list;
  }
}
