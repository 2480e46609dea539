package dev.kcm.core.plan;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ServedResources;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of a plan's actions.
 *
 * @param results one for each action of all stages, in the order of {@link Plan#actions()}
 */
public record Report(List<Result> results) {

  public Report {
    results = List.copyOf(results);
  }

  /** What became of one action. */
  public sealed interface Result {

    /** The action. */
    Action action();
  }

  /**
   * Carried out.
   *
   * @param action the action
   * @param answer the object the server answered with; null when it sent none
   * @param wasGone whether it was a deletion whose object was not there any more
   */
  public record Applied(Action action, @Nullable HasMetadata answer, boolean wasGone)
      implements Result {

    /** Carried out by this very request. */
    public Applied(Action action, @Nullable HasMetadata answer) {
      this(action, answer, false);
    }

    /** A deletion that found nothing to delete. */
    public static Applied gone(Action.Delete<?> delete) {
      return new Applied(delete, null, true);
    }
  }

  /**
   * What an {@link Action.FetchAll} found.
   *
   * @param action the action
   * @param items the objects, in the order of the server
   */
  public record Found(Action action, List<HasMetadata> items) implements Result {

    public Found {
      items = List.copyOf(items);
    }
  }

  /**
   * What an {@link Action.Discover} was told.
   *
   * @param action the action
   * @param served the resources
   */
  public record Discovered(Action action, ServedResources served) implements Result {}

  /**
   * Refused or failed.
   *
   * @param action the action
   * @param error why
   */
  public record Rejected(Action action, ApiError error) implements Result {}

  /**
   * Not tried, because an earlier one of its stage was rejected.
   *
   * @param action the action
   */
  public record Skipped(Action action) implements Result {}

  /** The actions carried out, without the reads of many. */
  public List<Applied> applied() {
    return only(Applied.class);
  }

  /** The deletions that found their object and deleted it, without those that came too late. */
  public List<Applied> deleted() {
    return applied().stream()
        .filter(applied -> applied.action() instanceof Action.Delete && !applied.wasGone())
        .toList();
  }

  /** The actions that failed. */
  public List<Rejected> rejected() {
    return only(Rejected.class);
  }

  /** The actions not tried. */
  public List<Skipped> skipped() {
    return only(Skipped.class);
  }

  /** The first failure in action order. */
  public Optional<Rejected> firstRejected() {
    return rejected().stream().findFirst();
  }

  /** Whether every action was carried out. */
  public boolean allApplied() {
    return results.stream()
        .noneMatch(result -> result instanceof Rejected || result instanceof Skipped);
  }

  private <R extends Result> List<R> only(Class<R> kind) {
    return results.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
