package dev.kcm.testkit;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Report.Rejected;
import dev.kcm.core.plan.Report.Result;
import dev.kcm.core.plan.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * A server that refuses chosen calls and counts all of them.
 *
 * <pre>{@code
 * FaultyServer server = FaultyServer.before(cluster).rejectFrom(Action.Create.class, 11, quota);
 * }</pre>
 *
 * <p>Confined to the thread of the test.
 */
public final class FaultyServer implements Responder {

  private final Responder server;
  private final List<Fault> faults = new ArrayList<>();
  private final Map<Class<?>, Integer> callsByKind = new HashMap<>();

  private FaultyServer(Responder server) {
    this.server = server;
  }

  /** Lets through what is not refused. */
  public static FaultyServer before(Responder server) {
    return new FaultyServer(server);
  }

  /** Refuses every call of a kind. */
  public FaultyServer reject(Class<? extends Action> kind, ApiError error) {
    return rejectFrom(kind, 1, error);
  }

  /** Refuses the given call of a kind, counted from 1, and all later ones. */
  public FaultyServer rejectFrom(Class<? extends Action> kind, int call, ApiError error) {
    faults.add(new Fault(kind, number -> number >= call, error));
    return this;
  }

  /** Refuses only the given call of a kind, counted from 1. */
  public FaultyServer rejectOnly(Class<? extends Action> kind, int call, ApiError error) {
    faults.add(new Fault(kind, number -> number == call, error));
    return this;
  }

  /** How many calls of a kind there were, refused or not. */
  public int calls(Class<? extends Action> kind) {
    return callsByKind.getOrDefault(kind, 0);
  }

  @Override
  public Result answer(Action action) {
    int number = callsByKind.merge(action.getClass(), 1, Integer::sum);
    Optional<Fault> fault =
        faults.stream()
            .filter(f -> f.kind().isInstance(action) && f.calls().test(number))
            .findFirst();
    return fault.isPresent() ? new Rejected(action, fault.get().error()) : server.answer(action);
  }

  @Override
  public void begins(Stage stage) {
    server.begins(stage);
  }

  @Override
  public void ended(Result result) {
    server.ended(result);
  }

  private record Fault(Class<? extends Action> kind, IntPredicate calls, ApiError error) {}
}
