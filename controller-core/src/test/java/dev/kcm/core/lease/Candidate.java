package dev.kcm.core.lease;

import dev.kcm.core.lease.LeaseServer.Course;
import dev.kcm.core.lease.LeaseServer.Verb;
import dev.kcm.core.time.VirtualEnvironment;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A process with an elector, and what its callbacks heard.
 *
 * <p>Confined to the thread of the test.
 */
final class Candidate implements LeaderCallbacks {

  final VirtualProcess process;
  final LeaderElector elector;
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final List<String> heard = new ArrayList<>();
  final List<String> leaders = new ArrayList<>();
  final List<String> events = new ArrayList<>();
  final List<Verb> requests = new ArrayList<>();

  /** How requests go; may be replaced at any time. */
  Function<Verb, Course> course = verb -> Course.FINE;

  /** Thrown by the start callback. */
  @Nullable RuntimeException startFailure;

  /** What the stop callback returns. */
  CompletionStage<Void> workEnded = CompletableFuture.completedFuture(null);

  @Nullable LeaderToken token;

  Candidate(VirtualEnvironment world, LeaseServer server, LeaderElectionConfig config) {
    this(world, server, config, false);
  }

  Candidate(
      VirtualEnvironment world,
      LeaseServer server,
      LeaderElectionConfig config,
      boolean isWatching) {
    process = new VirtualProcess(world);
    LeaseLock lock =
        server.lock(
            verb -> {
              requests.add(verb);
              return course.apply(verb);
            },
            isWatching);
    elector = elector(config, lock);
  }

  Candidate(
      VirtualEnvironment world,
      Function<VirtualProcess, LeaseLock> lock,
      LeaderElectionConfig config) {
    process = new VirtualProcess(world);
    elector = elector(config, lock.apply(process));
  }

  private LeaderElector elector(LeaderElectionConfig config, LeaseLock lock) {
    return LeaderElector.builder(config, lock, this)
        .meters(meters)
        .events((lease, message) -> events.add(message))
        .build(process);
  }

  boolean isLeader() {
    return elector.leadership().isLeader();
  }

  /** Value of a counter or gauge. */
  double meter(String name, String... tags) {
    return meters.get(name).tags(tags).meter().measure().iterator().next().getValue();
  }

  @Override
  public void onStartedLeading(LeaderToken newToken) {
    heard.add("started");
    token = newToken;
    if (startFailure != null) {
      throw startFailure;
    }
  }

  @Override
  public CompletionStage<Void> onStoppedLeading(StopReason reason) {
    heard.add("stopped " + reason);
    return workEnded;
  }

  @Override
  public void onNewLeader(Optional<String> identity) {
    leaders.add(identity.orElse("-"));
  }
}
