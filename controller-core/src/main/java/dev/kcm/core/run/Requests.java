package dev.kcm.core.run;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApplyOptions;
import dev.kcm.core.api.DeleteOptions;
import dev.kcm.core.api.Discovery;
import dev.kcm.core.api.ListQuery;
import dev.kcm.core.api.Scope;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Report;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * Turns an action into a request. Actions that stay inside the process are carried out at once and
 * give no request.
 *
 * <p>Thread-safe: it only hands on.
 */
final class Requests implements Action.Visitor<Optional<CompletionStage<?>>> {

  private final ApiClient client;
  private final Executor workers;
  private final Consumer<Action.Emit> events;
  private final Consumer<Action.Measure> measures;
  private final BiConsumer<ObjectKey, Duration> requeue;
  private final DoubleSupplier secondsTaken;

  Requests(
      ApiClient client,
      Executor workers,
      Consumer<Action.Emit> events,
      Consumer<Action.Measure> measures,
      BiConsumer<ObjectKey, Duration> requeue,
      DoubleSupplier secondsTaken) {
    this.client = client;
    this.workers = workers;
    this.events = events;
    this.measures = measures;
    this.requeue = requeue;
    this.secondsTaken = secondsTaken;
  }

  @Override
  public Optional<CompletionStage<?>> create(Action.Create<?> create) {
    return Optional.of(sendCreate(create));
  }

  @Override
  public Optional<CompletionStage<?>> update(Action.Update<?> update) {
    return Optional.of(sendUpdate(update));
  }

  @Override
  public Optional<CompletionStage<?>> patch(Action.Patch<?> patch) {
    return Optional.of(
        client.patch(patch.type(), patch.key(), patch.subresource(), patch.format(), patch.body()));
  }

  @Override
  public Optional<CompletionStage<?>> apply(Action.Apply<?> apply) {
    return Optional.of(sendApply(apply));
  }

  @Override
  public Optional<CompletionStage<?>> delete(Action.Delete<?> delete) {
    String uid = delete.uid().isEmpty() ? null : delete.uid();
    DeleteOptions options =
        new DeleteOptions(
            uid, delete.resourceVersion(), delete.gracePeriod(), delete.propagation());
    return Optional.of(client.delete(delete.type(), delete.key(), options));
  }

  @Override
  public Optional<CompletionStage<?>> deleteAll(Action.DeleteAll<?> deleteAll) {
    return Optional.of(
        client.deleteCollection(
            deleteAll.type(),
            deleteAll.namespace(),
            new DeleteOptions(null, null, null, deleteAll.propagation())));
  }

  @Override
  public Optional<CompletionStage<?>> fetchAll(Action.FetchAll<?> fetchAll) {
    List<HasMetadata> items = new ArrayList<>();
    Scope scope = Scope.namespace(fetchAll.namespace());
    return Optional.of(
        client
            .list(fetchAll.type(), ListQuery.all(scope), items::add)
            .thenApply(page -> new Report.Found(fetchAll, items)));
  }

  @Override
  public Optional<CompletionStage<?>> discover(Action.Discover discover) {
    return Optional.of(
        Discovery.preferred(client, workers)
            .thenApply(served -> new Report.Discovered(discover, served)));
  }

  @Override
  public Optional<CompletionStage<?>> fetch(Action.Fetch<?> fetch) {
    return Optional.of(client.get(fetch.type(), fetch.key()));
  }

  @Override
  public Optional<CompletionStage<?>> emit(Action.Emit emit) {
    events.accept(emit);
    return Optional.empty();
  }

  @Override
  public Optional<CompletionStage<?>> enqueue(Action.Enqueue enqueue) {
    requeue.accept(enqueue.key(), enqueue.delay());
    return Optional.empty();
  }

  @Override
  public Optional<CompletionStage<?>> measure(Action.Measure measure) {
    measures.accept(measure.isElapsed() ? measure.withValue(secondsTaken.getAsDouble()) : measure);
    return Optional.empty();
  }

  private <T extends HasMetadata> CompletionStage<T> sendCreate(Action.Create<T> create) {
    return client.create(create.type(), create.object());
  }

  private <T extends HasMetadata> CompletionStage<T> sendApply(Action.Apply<T> apply) {
    return client.apply(
        apply.type(),
        apply.object(),
        apply.subresource(),
        new ApplyOptions(apply.fieldManager(), apply.force()));
  }

  private <T extends HasMetadata> CompletionStage<T> sendUpdate(Action.Update<T> update) {
    return client.update(update.type(), update.object(), update.subresource());
  }
}
