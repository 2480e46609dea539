package dev.kcm.core.lease;

import dev.kcm.core.api.ApiException;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An API server with one Lease, in which each request goes as its client's script says.
 *
 * <p>Confined to the thread of the test.
 */
final class LeaseServer {

  static final ObjectKey KEY = new ObjectKey("kube-system", "kube-controller-manager");

  private final VirtualEnvironment environment;
  private final Executor executor;
  private final List<LeaseLock.Observer> observers = new ArrayList<>();
  private @Nullable Lease lease;
  private long resourceVersion;
  private int uids;

  LeaseServer(VirtualEnvironment environment) {
    this.environment = environment;
    this.executor = environment.executor("server");
  }

  /**
   * How a request goes.
   *
   * @param before time until it is applied
   * @param error what is answered instead of the result; null for the result
   * @param applied whether it takes effect although an error is answered
   * @param after time from there until the answer; null for no answer
   */
  record Course(
      Duration before, ApiError.@Nullable Kind error, boolean applied, @Nullable Duration after) {

    static final Course FINE = new Course(Duration.ZERO, null, true, Duration.ZERO);

    static final Course BLACK_HOLE = new Course(Duration.ZERO, null, false, null);

    static Course failing(ApiError.Kind kind) {
      return new Course(Duration.ZERO, kind, false, Duration.ZERO);
    }

    static Course slow(Duration before) {
      return new Course(before, null, true, Duration.ZERO);
    }
  }

  /** What a request wants. */
  enum Verb {
    GET,
    CREATE,
    UPDATE
  }

  @Nullable Lease lease() {
    return lease == null ? null : new LeaseBuilder(lease).build();
  }

  LeaseRecord record() {
    return lease == null ? LeaseRecord.EMPTY : LeaseRecord.of(lease);
  }

  /** Changes the Lease by hand. */
  void edit(Function<LeaseBuilder, LeaseBuilder> edit) {
    LeaseBuilder builder = lease == null ? fresh() : new LeaseBuilder(lease);
    store(edit.apply(builder).build());
  }

  private static LeaseBuilder fresh() {
    return new LeaseBuilder()
        .withNewMetadata()
        .withNamespace(KEY.namespace())
        .withName(KEY.name())
        .endMetadata();
  }

  /** Deletes the Lease by hand. */
  void delete() {
    lease = null;
    List.copyOf(observers).forEach(LeaseLock.Observer::deleted);
  }

  /**
   * The server as one process sees it.
   *
   * @param course asked for each request
   * @param isWatched whether changes are told
   */
  LeaseLock lock(Function<Verb, Course> course, boolean isWatched) {
    return new Client(course, isWatched);
  }

  private Lease store(Lease newLease) {
    Lease stored = new LeaseBuilder(newLease).build();
    if (lease == null) {
      stored.getMetadata().setUid("uid-" + ++uids);
    } else {
      stored.getMetadata().setUid(lease.getMetadata().getUid());
    }
    stored.getMetadata().setResourceVersion(String.valueOf(++resourceVersion));
    lease = stored;
    List.copyOf(observers).forEach(observer -> observer.changed(LeaseRecord.of(stored)));
    return new LeaseBuilder(stored).build();
  }

  private Lease get() {
    if (lease == null) {
      throw error(ApiError.Kind.NOT_FOUND);
    }
    return new LeaseBuilder(lease).build();
  }

  private Lease create(Lease newLease) {
    if (lease != null) {
      throw error(ApiError.Kind.ALREADY_EXISTS);
    }
    return store(newLease);
  }

  private Lease update(Lease newLease) {
    if (lease == null) {
      throw error(ApiError.Kind.NOT_FOUND);
    }
    String expected = newLease.getMetadata().getResourceVersion();
    if (!lease.getMetadata().getResourceVersion().equals(expected)) {
      throw error(ApiError.Kind.CONFLICT);
    }
    return store(newLease);
  }

  private static ApiException error(ApiError.Kind kind) {
    return new ApiException(ApiError.of(kind, 0, kind.toString()));
  }

  /** Confined to the thread of the test. */
  private final class Client implements LeaseLock {

    private final Function<Verb, Course> course;
    private final boolean isWatched;

    private Client(Function<Verb, Course> course, boolean isWatched) {
      this.course = course;
      this.isWatched = isWatched;
    }

    @Override
    public ObjectKey key() {
      return KEY;
    }

    @Override
    public CompletableFuture<Lease> get() {
      return send(Verb.GET, LeaseServer.this::get);
    }

    @Override
    public CompletableFuture<Lease> create(Lease newLease) {
      return send(Verb.CREATE, () -> LeaseServer.this.create(newLease));
    }

    @Override
    public CompletableFuture<Lease> update(Lease newLease) {
      return send(Verb.UPDATE, () -> LeaseServer.this.update(newLease));
    }

    @Override
    public Watching watch(Observer observer) {
      if (isWatched) {
        observers.add(observer);
      }
      return () -> observers.remove(observer);
    }

    private CompletableFuture<Lease> send(Verb verb, Supplier<Lease> operation) {
      Course how = course.apply(verb);
      CompletableFuture<Lease> answer = new CompletableFuture<>();
      later(how.before(), () -> apply(how, operation, answer));
      return answer;
    }

    private void apply(Course how, Supplier<Lease> operation, CompletableFuture<Lease> answer) {
      Runnable reply;
      try {
        Lease result = how.applied() ? operation.get() : null;
        ApiError.Kind kind = how.error();
        reply =
            kind == null
                ? () -> answer.complete(result)
                : () -> answer.completeExceptionally(error(kind));
      } catch (ApiException e) {
        reply = () -> answer.completeExceptionally(e);
      }
      if (how.after() != null) {
        later(how.after(), reply);
      }
    }

    private void later(Duration delay, Runnable task) {
      if (delay.isZero()) {
        task.run();
      } else {
        environment.timers().schedule(delay, executor, task);
      }
    }
  }
}
