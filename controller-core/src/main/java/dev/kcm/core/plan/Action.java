package dev.kcm.core.plan;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One thing to do, with a short stable reason that is logged, counted and shown by explain. */
public sealed interface Action {

  /** Why, in a few words that stay the same between runs, for example {@code too few pods}. */
  String why();

  /** Calls the visitor's method for this kind of action. */
  <R> R accept(Visitor<R> visitor);

  /**
   * One method for each kind of action, so that a new kind does not compile until all who tell them
   * apart know it.
   *
   * @param <R> result
   */
  interface Visitor<R> {

    /** A creation. */
    R create(Create<?> create);

    /** A replacement. */
    R update(Update<?> update);

    /** A patch. */
    R patch(Patch<?> patch);

    /** A server-side apply. */
    R apply(Apply<?> apply);

    /** A deletion. */
    R delete(Delete<?> delete);

    /** A deletion of many. */
    R deleteAll(DeleteAll<?> deleteAll);

    /** A read. */
    R fetch(Fetch<?> fetch);

    /** A read of many. */
    R fetchAll(FetchAll<?> fetchAll);

    /** A question for what the server has. */
    R discover(Discover discover);

    /** An event. */
    R emit(Emit emit);

    /** A key for the queue. */
    R enqueue(Enqueue enqueue);

    /** A measurement. */
    R measure(Measure measure);
  }

  /** Creates an object. See {@link Create}. */
  static <T extends HasMetadata> Create<T> create(ResourceType<T> type, T object, String why) {
    return new Create<>(type, object, false, why);
  }

  /** Replaces an object. See {@link Update}. */
  static <T extends HasMetadata> Update<T> update(ResourceType<T> type, T object, String why) {
    return new Update<>(type, object, "", why);
  }

  /** Replaces the status of an object. See {@link Update}. */
  static <T extends HasMetadata> Update<T> updateStatus(
      ResourceType<T> type, T object, String why) {
    return new Update<>(type, object, "status", why);
  }

  /**
   * Changes what differs between an object as it was seen and as it should be, without touching
   * anything else. The status is left out: see {@link #mergePatchStatus}. Of the metadata, labels,
   * annotations, owner references and finalizers are compared. The patch carries the UID seen; for
   * a lock on the version as well, see {@link Patch#atVersion}.
   *
   * @param seen from a cache; not changed
   * @param wanted made from {@code seen}: a field that is only in {@code seen} is removed
   * @return empty when there is no difference, so that nothing is sent
   */
  static <T extends HasMetadata> Optional<Patch<T>> mergePatch(
      ResourceType<T> type, T seen, T wanted, String why) {
    return MergeDiff.ofObject(type, seen, wanted, why);
  }

  /**
   * Creates an object that is missing, or changes what differs, as {@link #mergePatch} does.
   *
   * @param seen from a cache; not changed; empty when there is none
   * @param wanted the new object, or one made from {@code seen}
   * @return empty when there is no difference, so that nothing is sent
   */
  static <T extends HasMetadata> Optional<? extends Action> createOrPatch(
      ResourceType<T> type, Optional<T> seen, T wanted, String why) {
    return seen.isEmpty()
        ? Optional.of(create(type, wanted, why))
        : mergePatch(type, seen.get(), wanted, why);
  }

  /**
   * As {@link #mergePatch}, for the status alone.
   *
   * @param seen from a cache; not changed
   * @param wanted an object with the status that {@code seen} should have
   * @return empty when there is no difference, so that nothing is sent
   */
  static <T extends HasMetadata> Optional<Patch<T>> mergePatchStatus(
      ResourceType<T> type, T seen, T wanted, String why) {
    return MergeDiff.ofStatus(type, seen, wanted, why);
  }

  /**
   * Applies an object: server-side apply, as a field manager, not forced. See {@link Apply}.
   *
   * @param object exactly the fields the manager wants to own, with name and, for generic objects,
   *     apiVersion and kind
   */
  static <T extends HasMetadata> Apply<T> apply(
      ResourceType<T> type, T object, String fieldManager, String why) {
    return new Apply<>(type, object, "", fieldManager, false, why);
  }

  /** Deletes an object with the defaults of its kind. See {@link Delete}. */
  static <T extends HasMetadata> Delete<T> delete(ResourceType<T> type, T object, String why) {
    return Delete.of(type, object, why);
  }

  /** Reads an object from the server, past every cache. See {@link Fetch}. */
  static <T extends HasMetadata> Fetch<T> fetch(ResourceType<T> type, ObjectKey key, String why) {
    return new Fetch<>(type, key, why);
  }

  /** Deletes all objects of a type in a namespace. See {@link DeleteAll}. */
  static <T extends HasMetadata> DeleteAll<T> deleteAll(
      ResourceType<T> type, String namespace, String why) {
    return new DeleteAll<>(type, namespace, "Background", why);
  }

  /** Reads all objects of a type in a namespace, past every cache. See {@link FetchAll}. */
  static <T extends HasMetadata> FetchAll<T> fetchAll(
      ResourceType<T> type, String namespace, String why) {
    return new FetchAll<>(type, namespace, why);
  }

  /** Asks which resources the server has. See {@link Discover}. */
  static Discover discover(String why) {
    return new Discover(why);
  }

  /**
   * Creates an object. The answer is the object as the server stored it.
   *
   * @param type its type
   * @param object the object; its namespace is the one to create in
   * @param expected whether the key's expectations count this creation: raised before the request,
   *     lowered at once when it fails or is skipped, and lowered by the handler that sees it arrive
   * @param why reason
   */
  record Create<T extends HasMetadata>(ResourceType<T> type, T object, boolean expected, String why)
      implements Action {

    /** The same creation, counted by the key's expectations. */
    public Create<T> expecting() {
      return new Create<>(type, object, true, why);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.create(this);
    }
  }

  /**
   * Replaces an object or one of its subresources. The resourceVersion in the object guards against
   * lost updates. The answer is the object as the server stored it.
   *
   * @param type its type
   * @param object the whole object
   * @param subresource for example {@code status}; empty for the object itself
   * @param why reason
   */
  record Update<T extends HasMetadata>(
      ResourceType<T> type, T object, String subresource, String why) implements Action {

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.update(this);
    }
  }

  /**
   * Changes parts of an object.
   *
   * @param type its type
   * @param key which object
   * @param subresource empty for the object itself
   * @param format patch format
   * @param body the patch as JSON; carries UID or resourceVersion where the change must not hit
   *     another incarnation or a newer state
   * @param why reason
   */
  record Patch<T extends HasMetadata>(
      ResourceType<T> type,
      ObjectKey key,
      String subresource,
      PatchFormat format,
      String body,
      String why)
      implements Action {

    /**
     * The same patch, refused with a conflict when the object is not at this version any more.
     *
     * @param resourceVersion as it was seen
     */
    public Patch<T> atVersion(String resourceVersion) {
      return new Patch<>(
          type, key, subresource, format, MergeDiff.atVersion(format, body, resourceVersion), why);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.patch(this);
    }
  }

  /**
   * Applies an object: the server creates it, or makes the fields given the manager's and takes
   * away those the manager owned before and does not give any more. The answer is the object as the
   * server stored it. Fields that another manager owns are a conflict unless forced.
   *
   * @param type its type
   * @param object exactly the fields the manager wants to own; a resourceVersion in it is a lock
   * @param subresource for example {@code status}; empty for the object itself
   * @param fieldManager name of the owner of the fields, 1 to 128 characters, the same in every run
   * @param force whether fields are taken over from other managers, as a controller does for what
   *     it alone decides
   * @param why reason
   */
  record Apply<T extends HasMetadata>(
      ResourceType<T> type,
      T object,
      String subresource,
      String fieldManager,
      boolean force,
      String why)
      implements Action {

    /** The same, taking fields over from other managers. */
    public Apply<T> forced() {
      return new Apply<>(type, object, subresource, fieldManager, true, why);
    }

    /** The same, for the status. */
    public Apply<T> toStatus() {
      return new Apply<>(type, object, "status", fieldManager, force, why);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.apply(this);
    }
  }

  /**
   * Deletes an object. NotFound is a success: the report says {@code Applied} and that the object
   * was gone.
   *
   * @param type its type
   * @param key which object
   * @param uid only the incarnation with this UID is deleted
   * @param resourceVersion only this version is deleted; null for any
   * @param gracePeriod grace period; null for the object's own
   * @param propagation {@code Orphan}, {@code Background} or {@code Foreground}; null for the
   *     kind's default
   * @param expected whether the key's expectations count this deletion
   * @param why reason
   */
  record Delete<T extends HasMetadata>(
      ResourceType<T> type,
      ObjectKey key,
      String uid,
      @Nullable String resourceVersion,
      @Nullable Duration gracePeriod,
      @Nullable String propagation,
      boolean expected,
      String why)
      implements Action {

    /** Deletes the incarnation given, with the defaults of its kind. */
    public static <T extends HasMetadata> Delete<T> of(ResourceType<T> type, T object, String why) {
      return new Delete<>(
          type, ObjectKey.of(object), object.getMetadata().getUid(), null, null, null, false, why);
    }

    /** The same deletion, counted by the key's expectations. */
    public Delete<T> expecting() {
      return new Delete<>(type, key, uid, resourceVersion, gracePeriod, propagation, true, why);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.delete(this);
    }
  }

  /**
   * Deletes all objects of a type in a namespace with one request. No expectations are counted. Not
   * every resource can do that: the report says {@code OTHER} with code 405 for those.
   *
   * @param type their type
   * @param namespace not empty
   * @param propagation {@code Orphan}, {@code Background} or {@code Foreground}
   * @param why reason
   */
  record DeleteAll<T extends HasMetadata>(
      ResourceType<T> type, String namespace, String propagation, String why) implements Action {

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.deleteAll(this);
    }
  }

  /**
   * Reads all objects of a type in a namespace from the server, past every cache. The report says
   * {@link Report.Found}. For rare occasions: all of them are in memory at a time.
   *
   * @param type their type; {@link ResourceType#metadataOnly} where that is enough
   * @param namespace not empty
   * @param why reason
   */
  record FetchAll<T extends HasMetadata>(ResourceType<T> type, String namespace, String why)
      implements Action {

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.fetchAll(this);
    }
  }

  /**
   * Asks the server which resources it has. The report says {@link Report.Discovered}.
   *
   * @param why reason
   */
  record Discover(String why) implements Action {

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.discover(this);
    }
  }

  /**
   * Reads an object from the server, past every cache.
   *
   * @param type its type
   * @param key which object
   * @param why reason
   */
  record Fetch<T extends HasMetadata>(ResourceType<T> type, ObjectKey key, String why)
      implements Action {

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.fetch(this);
    }
  }

  /**
   * Records an event. Best effort: it is handed to the recorder and never rejected.
   *
   * @param regarding the object it is about
   * @param regardingType the type of that object
   * @param severity {@code Normal} or {@code Warning}
   * @param reason CamelCase reason, public and stable
   * @param message human-readable text
   * @param action what the controller did or tried, in CamelCase, for recorders of {@code
   *     events.k8s.io}; the reason where nothing else is said
   * @param related another object it concerns; null for none
   * @param why reason of the action
   */
  record Emit(
      HasMetadata regarding,
      ResourceType<?> regardingType,
      Severity severity,
      String reason,
      String message,
      String action,
      @Nullable Subject related,
      String why)
      implements Action {

    /** An event whose reason says what was done. */
    public Emit(
        HasMetadata regarding,
        ResourceType<?> regardingType,
        Severity severity,
        String reason,
        String message,
        String why) {
      this(regarding, regardingType, severity, reason, message, reason, null, why);
    }

    /** The same event of an action with a name of its own. */
    public Emit during(String actionName) {
      return new Emit(
          regarding, regardingType, severity, reason, message, actionName, related, why);
    }

    /** The same event, which concerns a second object too. */
    public Emit relatedTo(HasMetadata object, ResourceType<?> type) {
      Subject other = new Subject(object, type);
      return new Emit(regarding, regardingType, severity, reason, message, action, other, why);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.emit(this);
    }
  }

  /**
   * An object an event is about.
   *
   * @param object the object
   * @param type its type
   */
  record Subject(HasMetadata object, ResourceType<?> type) {}

  /** Event types. */
  enum Severity {
    /** All is as it should be. */
    NORMAL("Normal"),
    /** Somebody should look. */
    WARNING("Warning");

    private final String text;

    Severity(String text) {
      this.text = text;
    }

    /** The type as it stands in an Event. */
    public String text() {
      return text;
    }
  }

  /**
   * Puts another key of the same loop into its queue.
   *
   * @param key which
   * @param delay zero for at once
   * @param why reason
   */
  record Enqueue(ObjectKey key, Duration delay, String why) implements Action {

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.enqueue(this);
    }
  }

  /**
   * Adds a value to one of the controller's own meters.
   *
   * @param meter name the controller registered
   * @param value value observed, or amount to count; not a number stands for the time the run has
   *     taken, see {@link Measure#elapsed}
   * @param labels label values by label name
   * @param why reason
   */
  record Measure(String meter, double value, Map<String, String> labels, String why)
      implements Action {

    public Measure {
      labels = Map.copyOf(labels);
    }

    /** How long the run has taken so far, in seconds; the executor fills the value in. */
    public static Measure elapsed(String meter, Map<String, String> labels, String why) {
      return new Measure(meter, Double.NaN, labels, why);
    }

    /** Whether the value is the time the run has taken so far, still to be filled in. */
    public boolean isElapsed() {
      return Double.isNaN(value);
    }

    /** The same measurement with a value. */
    public Measure withValue(double measured) {
      return new Measure(meter, measured, labels, why);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.measure(this);
    }
  }
}
