package dev.kcm.core.lease;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.util.concurrent.CompletableFuture;

/**
 * A Lease on an API server.
 *
 * <p>The client should be one of its own: with its own connections, without a client-side rate
 * limit, with a request timeout of {@link LeaderElectionConfig#requestTimeout()}.
 *
 * <p>Thread-safe: the client is.
 */
public final class KubeLeaseLock implements LeaseLock {

  /** Leases as the API serves them. */
  public static final ResourceType<Lease> LEASES = ResourceType.of(Lease.class);

  private final ApiClient client;
  private final Environment environment;
  private final ObjectKey key;

  private KubeLeaseLock(ApiClient client, Environment environment, ObjectKey key) {
    this.client = client;
    this.environment = environment;
    this.key = key;
  }

  /**
   * A lock on one Lease.
   *
   * @param client sends the requests and the watch; not closed by this
   * @param environment timers for opening the watch again
   */
  public static KubeLeaseLock of(ApiClient client, Environment environment, ObjectKey key) {
    return new KubeLeaseLock(client, environment, key);
  }

  @Override
  public ObjectKey key() {
    return key;
  }

  @Override
  public CompletableFuture<Lease> get() {
    return client.get(LEASES, key);
  }

  @Override
  public CompletableFuture<Lease> create(Lease lease) {
    return client.create(LEASES, lease);
  }

  @Override
  public CompletableFuture<Lease> update(Lease lease) {
    return client.update(LEASES, lease, "");
  }

  @Override
  public Watching watch(Observer observer) {
    ObjectWatch<Lease> watch =
        new ObjectWatch<>(
            client,
            environment,
            LEASES,
            key,
            new ObjectWatch.Observer<>() {
              @Override
              public void changed(Lease lease) {
                observer.changed(LeaseRecord.of(lease));
              }

              @Override
              public void deleted() {
                observer.deleted();
              }
            });
    watch.open();
    return watch;
  }

  @Override
  public LeaseCandidates candidates() {
    return new KubeLeaseCandidates(client, environment, key);
  }
}
