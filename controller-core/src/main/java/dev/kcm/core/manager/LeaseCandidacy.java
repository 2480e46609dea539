package dev.kcm.core.manager;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.lease.KubeLeaseLock;
import dev.kcm.core.lease.LeaderCallbacks;
import dev.kcm.core.lease.LeaderElectionConfig;
import dev.kcm.core.lease.LeaderElector;
import dev.kcm.core.lease.LeaderEvents;
import dev.kcm.core.lease.LeaderToken;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.Environment;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Candidacy on a Lease.
 *
 * <pre>{@code
 * LeaseCandidacy candidacy = LeaseCandidacy.on(client, "apps", "my-operator").create(environment);
 * }</pre>
 *
 * <p>Thread-safe: volatile fields hand on what {@link #campaign} and {@link #abandon} were told,
 * before the elector is started or stopped.
 */
public final class LeaseCandidacy implements Candidacy {

  private final LeaderElector elector;
  private volatile Runnable onStarted = () -> {};
  private volatile Runnable onLost = () -> {};
  private volatile boolean abandoned;

  private LeaseCandidacy(Function<LeaderCallbacks, LeaderElector> elector) {
    this.elector = elector.apply(new Callbacks());
  }

  /**
   * Candidacy on the Lease of a namespace and name, with a new identity, upstream's times, and
   * {@link LeaderElectionConfig.AfterLoss#STOP} as the answer to a loss.
   *
   * @param client of its own: unlimited, and not fenced by this candidacy, which could never begin
   *     then. Not closed by this
   * @param namespace not empty
   * @param name not empty; also the tag {@code name} of the meters
   */
  public static Builder on(ApiClient client, String namespace, String name) {
    return new Builder(client, new ObjectKey(namespace, name));
  }

  /**
   * Candidacy through an elector.
   *
   * @param elector makes the elector, not started, with the callbacks given
   */
  public static LeaseCandidacy of(Function<LeaderCallbacks, LeaderElector> elector) {
    return new LeaseCandidacy(elector);
  }

  /** The elector, for its health and its view of who leads. */
  public LeaderElector elector() {
    return elector;
  }

  @Override
  public void campaign(Runnable started, Runnable lost) {
    onStarted = started;
    onLost = lost;
    elector.start();
  }

  @Override
  public CompletionStage<Void> release() {
    return elector.stop();
  }

  @Override
  public void abandon() {
    abandoned = true;
    var unused = elector.stop();
  }

  @Override
  public Optional<String> closedBecause() {
    return elector.leadership().closedBecause();
  }

  @Override
  public Optional<String> term() {
    return elector.leadership().term();
  }

  /** Settings of a candidacy. Confined to the thread that builds. */
  public static final class Builder {

    private final ApiClient client;
    private final ObjectKey lease;
    private UnaryOperator<LeaderElectionConfig> settings = UnaryOperator.identity();
    private MeterRegistry registry = new CompositeMeterRegistry();
    private LeaderEvents events = LeaderEvents.NONE;

    private Builder(ApiClient client, ObjectKey lease) {
      this.client = client;
      this.lease = lease;
    }

    /**
     * Changes the settings of the election, for example {@code config ->
     * config.withAfterLoss(AfterLoss.REACQUIRE)}.
     *
     * @param change gets the defaults with a new identity, after any earlier change
     */
    public Builder settings(UnaryOperator<LeaderElectionConfig> change) {
      UnaryOperator<LeaderElectionConfig> before = settings;
      settings = config -> change.apply(before.apply(config));
      return this;
    }

    /** Where the {@code leader_election_*} meters go; nowhere by default. */
    public Builder meters(MeterRegistry newRegistry) {
      registry = newRegistry;
      return this;
    }

    /** Who records the events of the election; nobody by default. */
    public Builder events(LeaderEvents newEvents) {
      events = newEvents;
      return this;
    }

    /**
     * The candidacy, not begun.
     *
     * @throws IllegalArgumentException when a setting, the namespace or the name does not fit
     */
    public LeaseCandidacy create(Environment environment) {
      String identity = LeaderElectionConfig.newIdentity("", environment.random());
      LeaderElectionConfig config = settings.apply(LeaderElectionConfig.defaults(identity));
      KubeLeaseLock lock = KubeLeaseLock.of(client, environment, lease);
      return of(
          callbacks ->
              LeaderElector.builder(config, lock, callbacks)
                  .meters(registry)
                  .events(events)
                  .build(environment));
    }
  }

  private final class Callbacks implements LeaderCallbacks {

    @Override
    public void onStartedLeading(LeaderToken token) {
      onStarted.run();
    }

    /** The work has ended before a candidacy is released; see {@link LeaderElectedManager}. */
    @Override
    public CompletionStage<Void> onStoppedLeading(StopReason reason) {
      if (reason != StopReason.STOPPED) {
        onLost.run();
      }
      return abandoned
          ? CompletableFuture.failedFuture(new IllegalStateException("work has not ended"))
          : CompletableFuture.completedFuture(null);
    }
  }
}
