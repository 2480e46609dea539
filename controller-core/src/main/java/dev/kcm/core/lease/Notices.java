package dev.kcm.core.lease;

import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an election tells others: who leads, Events of the Lease, and that another process goes by
 * the same identity. What others do with it runs on an executor of its own and disturbs nothing.
 *
 * <p>Confined to the election's mailbox, except {@link #record}, which any thread may call, and
 * {@code namesake}, which any may read.
 */
final class Notices {

  private static final Logger log = LoggerFactory.getLogger(LeaderElector.class);

  private final String identity;
  private final ObjectKey lease;
  private final Observation observation;
  private final LeaderCallbacks callbacks;
  private final LeaderEvents events;
  private final Executor executor;

  /** Set while another process of the same identity renews the lease. */
  private volatile boolean namesake;

  private String toldLeader = "";
  private @Nullable LeaseRecord impostor;

  /**
   * @param executor tells others, one after another
   */
  Notices(
      String identity,
      ObjectKey lease,
      Observation observation,
      LeaderCallbacks callbacks,
      LeaderEvents events,
      Executor executor) {
    this.identity = identity;
    this.lease = lease;
    this.observation = observation;
    this.callbacks = callbacks;
    this.events = events;
    this.executor = executor;
  }

  /** Whether another process of the same identity renews the lease. */
  boolean hasNamesake() {
    return namesake;
  }

  /** Tells of a new holder, if the lease as it was last seen has one. */
  void tellLeader() {
    checkIdentity();
    String holder = observation.record().holder();
    if (!holder.equals(toldLeader)) {
      toldLeader = holder;
      Optional<String> told = holder.isEmpty() ? Optional.empty() : Optional.of(holder);
      executor.execute(() -> callbacks.onNewLeader(told));
    }
  }

  /** A lease in this process's name that goes on being renewed is renewed by somebody else. */
  private void checkIdentity() {
    LeaseRecord record = observation.record();
    if (!observation.isImpostor()) {
      impostor = null;
      namesake = false;
    } else if (impostor == null) {
      impostor = record;
      log.warn(
          "lease {} names {}, but this process did not write that; waiting until it expires",
          lease,
          identity);
    } else if (!record.equals(impostor) && !namesake) {
      namesake = true;
      log.error(
          "lease {} is renewed by another process with the identity {}: give each process its own",
          lease,
          identity);
    }
  }

  /** Records an Event: what this process did. */
  void record(Lease of, String what) {
    executor.execute(
        () -> {
          try {
            events.record(of, identity + " " + what);
          } catch (RuntimeException e) {
            log.warn("An event of lease {} could not be recorded", lease, e);
          }
        });
  }
}
