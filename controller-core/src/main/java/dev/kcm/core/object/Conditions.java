package dev.kcm.core.object;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code status.conditions} of an object, kept by the rules of {@code metav1.Condition}: one
 * condition of each type, in the order they first came; {@code lastTransitionTime} moves only when
 * the status does.
 *
 * <pre>{@code
 * List<Condition> next =
 *     Conditions.of(app.getStatus().getConditions())
 *         .observing(app, now)
 *         .set("Ready", true, "PodsReady", "3 of 3 pods are ready")
 *         .list();
 * }</pre>
 *
 * <p>A condition that is set to what it was stays equal, so comparing the lists tells whether there
 * is anything to write.
 *
 * <p>Immutable.
 */
public final class Conditions {

  /** What the API server accepts as a reason. */
  private static final Pattern REASON = Pattern.compile("[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?");

  private static final int LONGEST_REASON = 1024;
  private static final int LONGEST_MESSAGE = 32768;

  private final List<Condition> list;
  private final @Nullable Long generation;
  private final @Nullable Instant now;

  private Conditions(List<Condition> list, @Nullable Long generation, @Nullable Instant now) {
    this.list = list;
    this.generation = generation;
    this.now = now;
  }

  /** The conditions of a status; null, as fabric8 has it for an absent list, counts as none. */
  public static Conditions of(@Nullable Collection<Condition> current) {
    return new Conditions(current == null ? List.of() : List.copyOf(current), null, null);
  }

  /**
   * The same conditions; what is set from here on was observed at the object's generation.
   *
   * @param object the object as it was seen
   * @param now time of day, for conditions whose status changes; cut to whole seconds, as the API
   *     has them
   */
  public Conditions observing(HasMetadata object, Instant now) {
    return new Conditions(
        list, object.getMetadata().getGeneration(), now.truncatedTo(ChronoUnit.SECONDS));
  }

  /**
   * Sets a condition to {@code True} or {@code False}.
   *
   * @param reason CamelCase reason, public and stable
   * @param message human-readable text, may be empty; cut after 32 768 characters, the server's
   *     limit
   * @throws IllegalArgumentException when the type is empty or the server would refuse the reason
   * @throws IllegalStateException before {@link #observing}
   */
  public Conditions set(String type, boolean status, String reason, String message) {
    return merge(type, status ? "True" : "False", reason, message);
  }

  /** Sets a condition to {@code Unknown}; otherwise as {@link #set}. */
  public Conditions unknown(String type, String reason, String message) {
    return merge(type, "Unknown", reason, message);
  }

  /** The same conditions without one type. */
  public Conditions without(String type) {
    return with(list.stream().filter(c -> !type.equals(c.getType())).toList());
  }

  /** The condition of a type. */
  public Optional<Condition> get(String type) {
    return list.stream().filter(c -> type.equals(c.getType())).findFirst();
  }

  /** Whether there is a condition of the type and its status is {@code True}. */
  public boolean isTrue(String type) {
    return hasStatus(type, "True");
  }

  /** Whether there is a condition of the type and its status is {@code False}. */
  public boolean isFalse(String type) {
    return hasStatus(type, "False");
  }

  /** The conditions, for a status. Cannot be changed. */
  public List<Condition> list() {
    return list;
  }

  /** Two are equal when their lists are. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Conditions conditions && list.equals(conditions.list);
  }

  @Override
  public int hashCode() {
    return list.hashCode();
  }

  @Override
  public String toString() {
    return list.toString();
  }

  private boolean hasStatus(String type, String status) {
    return get(type).map(c -> status.equals(c.getStatus())).orElse(false);
  }

  private Conditions merge(String type, String status, String reason, String message) {
    Condition next = condition(type, status, reason, message);
    List<Condition> merged = new ArrayList<>(list);
    for (int i = 0; i < merged.size(); i++) {
      if (type.equals(merged.get(i).getType())) {
        merged.set(i, continued(merged.get(i), next));
        return with(List.copyOf(merged));
      }
    }
    merged.add(next);
    return with(List.copyOf(merged));
  }

  private Condition condition(String type, String status, String reason, String message) {
    if (now == null) {
      throw new IllegalStateException("call observing(..) before setting condition " + type);
    }
    if (type.isEmpty()) {
      throw new IllegalArgumentException("a condition has no type, reason " + reason);
    }
    if (reason.length() > LONGEST_REASON || !REASON.matcher(reason).matches()) {
      throw new IllegalArgumentException(
          "condition "
              + type
              + ": reason is \""
              + reason
              + "\", allowed: "
              + REASON
              + ", at most "
              + LONGEST_REASON
              + " characters");
    }
    return new ConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withMessage(
            message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE))
        .withObservedGeneration(generation)
        .withLastTransitionTime(now.toString())
        .build();
  }

  private static Condition continued(Condition before, Condition next) {
    if (!Objects.equals(before.getStatus(), next.getStatus())
        || before.getLastTransitionTime() == null) {
      return next;
    }
    next.setLastTransitionTime(before.getLastTransitionTime());
    return next.equals(before) ? before : next;
  }

  private Conditions with(List<Condition> other) {
    return new Conditions(other, generation, now);
  }
}
