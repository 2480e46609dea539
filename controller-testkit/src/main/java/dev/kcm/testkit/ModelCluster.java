package dev.kcm.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.object.ServedResources;
import dev.kcm.core.object.ServedResources.Served;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Report.Applied;
import dev.kcm.core.plan.Report.Discovered;
import dev.kcm.core.plan.Report.Found;
import dev.kcm.core.plan.Report.Rejected;
import dev.kcm.core.plan.Report.Result;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A tiny model of an API server: objects by key, and what actions do to them. It knows names, UIDs,
 * versions, generations, status, finalizers, owner references and preconditions; it knows nothing
 * of schemas and validation. What it answers is what a real server would, as far as it goes.
 *
 * <p>Every change is written to a log that {@link ModelCaches} follow, at once or lagging behind.
 * Objects handed out are never changed afterwards.
 *
 * <p>Confined to the thread of the test.
 */
public final class ModelCluster implements Responder {

  private static final Set<String> VERBS =
      Set.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

  private final VirtualEnvironment environment;
  private final Map<Id, HasMetadata> objects = new TreeMap<>();
  private final List<Change> log = new ArrayList<>();
  private final List<Action.Emit> events = new ArrayList<>();
  private final Set<String> terminatingNamespaces = new HashSet<>();
  private long version;
  private int names;

  private ModelCluster(VirtualEnvironment environment) {
    this.environment = environment;
  }

  /** A cluster of the given objects; they are the first entries of its log. */
  public static ModelCluster of(
      VirtualEnvironment environment, Collection<? extends HasMetadata> start) {
    ModelCluster cluster = new ModelCluster(environment);
    start.forEach(cluster::put);
    return cluster;
  }

  /** Its time. */
  public VirtualEnvironment environment() {
    return environment;
  }

  /** Puts an object in, as it is except for a new version; a missing UID is made up. */
  public void put(HasMetadata object) {
    HasMetadata copy = ModelObjects.copy(object);
    if (copy.getMetadata().getUid() == null) {
      copy.getMetadata().setUid("uid-" + (version + 1));
    }
    store(copy);
  }

  /** Changes an object; does nothing when there is none. */
  public <T extends HasMetadata> void change(Class<T> kind, ObjectKey key, UnaryOperator<T> edit) {
    get(kind, key).ifPresent(object -> store(edit.apply(ModelObjects.copy(object))));
  }

  /** Takes an object out, finalizers or not. */
  public void remove(HasMetadata object) {
    erase(Id.of(object));
  }

  /** The object of a kind with a key. */
  public <T extends HasMetadata> Optional<T> get(Class<T> kind, ObjectKey key) {
    return Optional.ofNullable(objects.get(new Id(kind, key))).map(kind::cast);
  }

  /** All objects of a kind, by key. */
  public <T extends HasMetadata> List<T> list(Class<T> kind) {
    return objects.values().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** All objects, by kind and key. */
  public List<HasMetadata> all() {
    return List.copyOf(objects.values());
  }

  /** Events recorded so far. */
  public List<Action.Emit> events() {
    return Collections.unmodifiableList(events);
  }

  /** From now on nothing can be created in the namespace. */
  public void terminateNamespace(String namespace) {
    terminatingNamespaces.add(namespace);
  }

  /** Objects that are being deleted and have no finalizers go away, as if their grace was over. */
  public void finishDeletions() {
    for (HasMetadata object : all()) {
      boolean deleting = object.getMetadata().getDeletionTimestamp() != null;
      if (deleting && !isHeld(object)) {
        erase(Id.of(object));
      }
    }
  }

  private static boolean isHeld(HasMetadata object) {
    boolean unfinished =
        object instanceof Namespace namespace
            && namespace.getSpec() != null
            && !namespace.getSpec().getFinalizers().isEmpty();
    return unfinished || !object.getMetadata().getFinalizers().isEmpty();
  }

  /** A cluster of its own with the same objects, names still to come and time. */
  public ModelCluster fork(VirtualEnvironment time) {
    ModelCluster fork = new ModelCluster(time);
    fork.objects.putAll(objects);
    objects.forEach((id, object) -> fork.log.add(new Change(id, object)));
    fork.terminatingNamespaces.addAll(terminatingNamespaces);
    fork.version = version;
    fork.names = names;
    return fork;
  }

  @Override
  public Result answer(Action action) {
    return action.accept(new Handler());
  }

  List<Change> log() {
    return log;
  }

  private HasMetadata store(HasMetadata object) {
    version++;
    object.getMetadata().setResourceVersion(Long.toString(version));
    objects.put(Id.of(object), object);
    log.add(new Change(Id.of(object), object));
    return object;
  }

  private void erase(Id id) {
    if (objects.remove(id) != null) {
      version++;
      log.add(new Change(id, null));
    }
  }

  /**
   * Where an object is.
   *
   * @param kind model class
   * @param key its key
   */
  record Id(Class<? extends HasMetadata> kind, ObjectKey key) implements Comparable<Id> {

    static Id of(HasMetadata object) {
      return new Id(object.getClass(), ObjectKey.of(object));
    }

    @Override
    public int compareTo(Id other) {
      int byKind = kind.getName().compareTo(other.kind.getName());
      return byKind != 0 ? byKind : key.compareTo(other.key);
    }
  }

  /**
   * An entry of the log.
   *
   * @param id what changed
   * @param object its new state; null when it is gone
   */
  record Change(Id id, @Nullable HasMetadata object) {}

  /** What actions do. Confined to the thread of the test. */
  private final class Handler implements Action.Visitor<Result> {

    @Override
    public Result create(Action.Create<?> create) {
      HasMetadata object = ModelObjects.copy(create.object());
      ObjectKey wanted = ObjectKey.of(object);
      if (terminatingNamespaces.contains(wanted.namespace())) {
        return new Rejected(create, ModelErrors.namespaceTerminating(create.type(), wanted));
      }
      if (wanted.name().isEmpty()) {
        object.getMetadata().setName(object.getMetadata().getGenerateName() + suffix());
      }
      if (objects.containsKey(Id.of(object))) {
        return new Rejected(create, ModelErrors.alreadyExists(create.type(), ObjectKey.of(object)));
      }
      object.getMetadata().setUid("uid-" + (version + 1));
      object.getMetadata().setGeneration(1L);
      object.getMetadata().setCreationTimestamp(now());
      return new Applied(create, store(object));
    }

    @Override
    public Result update(Action.Update<?> update) {
      HasMetadata stored = objects.get(Id.of(update.object()));
      if (stored == null) {
        return new Rejected(
            update, ModelErrors.notFound(update.type(), ObjectKey.of(update.object())));
      }
      if (differs(update.object().getMetadata().getResourceVersion(), stored)) {
        return new Rejected(update, ModelErrors.conflict(update.type(), ObjectKey.of(stored)));
      }
      HasMetadata next =
          replacesSpec(update)
              ? ModelObjects.replacing(stored, update.object())
              : ModelObjects.withStatusOf(stored, update.object());
      return new Applied(update, unchanged(stored, next) ? stored : store(next));
    }

    /** Of the subresources, only that of namespaces writes something other than the status. */
    private static boolean replacesSpec(Action.Update<?> update) {
      return update.subresource().isEmpty() || update.subresource().equals("finalize");
    }

    @Override
    public Result patch(Action.Patch<?> patch) {
      HasMetadata stored = objects.get(new Id(patch.type().type(), patch.key()));
      if (stored == null) {
        return new Rejected(patch, ModelErrors.notFound(patch.type(), patch.key()));
      }
      JsonNode body = ModelObjects.parse(patch.body());
      String uid = body.path("metadata").path("uid").asText(stored.getMetadata().getUid());
      String seen = body.path("metadata").path("resourceVersion").asText(null);
      if (!uid.equals(stored.getMetadata().getUid()) || differs(seen, stored)) {
        return new Rejected(patch, ModelErrors.conflict(patch.type(), patch.key()));
      }
      HasMetadata next = ModelPatch.apply(patch, (ObjectNode) body, stored);
      return hasTwoControllers(next)
          ? new Rejected(patch, ModelErrors.twoControllers(patch.type(), patch.key()))
          : new Applied(patch, unchanged(stored, next) ? stored : store(next));
    }

    /** Adds and changes fields; it keeps no account of who owns them, so it takes none away. */
    @Override
    public Result apply(Action.Apply<?> apply) {
      HasMetadata stored = objects.get(Id.of(apply.object()));
      if (stored == null) {
        return apply.subresource().isEmpty()
            ? answerTo(apply, create(creation(apply)))
            : new Rejected(apply, ModelErrors.notFound(apply.type(), ObjectKey.of(apply.object())));
      }
      if (differs(apply.object().getMetadata().getResourceVersion(), stored)) {
        return new Rejected(apply, ModelErrors.conflict(apply.type(), ObjectKey.of(stored)));
      }
      HasMetadata merged = ModelPatch.merged(apply.object(), stored);
      HasMetadata next =
          apply.subresource().isEmpty()
              ? ModelObjects.replacing(stored, merged)
              : ModelObjects.withStatusOf(stored, merged);
      return new Applied(apply, unchanged(stored, next) ? stored : store(next));
    }

    @Override
    public Result delete(Action.Delete<?> delete) {
      Id id = new Id(delete.type().type(), delete.key());
      HasMetadata stored = objects.get(id);
      if (stored == null) {
        return new Rejected(delete, ModelErrors.notFound(delete.type(), delete.key()));
      }
      boolean otherIncarnation =
          !delete.uid().isEmpty() && !delete.uid().equals(stored.getMetadata().getUid());
      if (otherIncarnation || differs(delete.resourceVersion(), stored)) {
        return new Rejected(delete, ModelErrors.conflict(delete.type(), delete.key()));
      }
      if (stored.getMetadata().getDeletionTimestamp() == null) {
        HasMetadata terminating = ModelObjects.copy(stored);
        terminating.getMetadata().setDeletionTimestamp(now());
        store(terminating);
      }
      return new Applied(delete, null);
    }

    @Override
    public Result deleteAll(Action.DeleteAll<?> deleteAll) {
      for (HasMetadata stored : ofType(deleteAll.type(), deleteAll.namespace())) {
        if (stored.getMetadata().getDeletionTimestamp() == null) {
          HasMetadata terminating = ModelObjects.copy(stored);
          terminating.getMetadata().setDeletionTimestamp(now());
          store(terminating);
        }
      }
      return new Applied(deleteAll, null);
    }

    @Override
    public Result fetchAll(Action.FetchAll<?> fetchAll) {
      return new Found(fetchAll, ofType(fetchAll.type(), fetchAll.namespace()));
    }

    /** The server has pods, and the kinds of the objects there are. */
    @Override
    public Result discover(Action.Discover discover) {
      Map<String, Served> servedByName = new TreeMap<>();
      Set<Class<? extends HasMetadata>> classes = new HashSet<>(Set.of(Pod.class));
      all().forEach(object -> classes.add(object.getClass()));
      for (Class<? extends HasMetadata> kind : classes) {
        ResourceType<?> type = ResourceType.of(kind);
        servedByName.put(type.qualifiedPlural(), new Served(generic(type), VERBS));
      }
      return new Discovered(
          discover,
          new ServedResources(List.copyOf(servedByName.values()), new TreeMap<>(), List.of()));
    }

    private List<HasMetadata> ofType(ResourceType<?> type, String namespace) {
      return objects.entrySet().stream()
          .filter(entry -> entry.getKey().key().namespace().equals(namespace))
          .map(Map.Entry::getValue)
          .filter(
              object ->
                  ResourceType.of(object.getClass())
                      .qualifiedPlural()
                      .equals(type.qualifiedPlural()))
          .toList();
    }

    private ResourceType<GenericKubernetesResource> generic(ResourceType<?> type) {
      return ResourceType.generic(
          type.group(), type.version(), type.kind(), type.plural(), type.namespaced());
    }

    @Override
    public Result fetch(Action.Fetch<?> fetch) {
      HasMetadata stored = objects.get(new Id(fetch.type().type(), fetch.key()));
      return stored == null
          ? new Rejected(fetch, ModelErrors.notFound(fetch.type(), fetch.key()))
          : new Applied(fetch, stored);
    }

    @Override
    public Result emit(Action.Emit emit) {
      events.add(emit);
      return new Applied(emit, null);
    }

    @Override
    public Result enqueue(Action.Enqueue enqueue) {
      return new Applied(enqueue, null);
    }

    @Override
    public Result measure(Action.Measure measure) {
      return new Applied(measure, null);
    }

    private <T extends HasMetadata> Action.Create<T> creation(Action.Apply<T> apply) {
      return Action.create(apply.type(), apply.object(), apply.why());
    }

    private Result answerTo(Action.Apply<?> apply, Result creation) {
      return creation instanceof Applied applied
          ? new Applied(apply, applied.answer())
          : new Rejected(apply, ((Rejected) creation).error());
    }

    private String suffix() {
      return String.format("%05d", ++names);
    }

    private String now() {
      return environment.wallClock().now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private boolean differs(@Nullable String seen, HasMetadata stored) {
      return seen != null
          && !seen.isEmpty()
          && !seen.equals(stored.getMetadata().getResourceVersion());
    }

    private boolean unchanged(HasMetadata stored, HasMetadata next) {
      next.getMetadata().setResourceVersion(stored.getMetadata().getResourceVersion());
      return Objects.equals(stored, next);
    }

    private boolean hasTwoControllers(HasMetadata object) {
      return object.getMetadata().getOwnerReferences().stream()
              .map(OwnerReference::getController)
              .filter(Boolean.TRUE::equals)
              .count()
          > 1;
    }
  }

  /** Answers of a real server to what it refuses. */
  private static final class ModelErrors {

    static ApiError notFound(ResourceType<?> type, ObjectKey key) {
      return ApiError.of(Kind.NOT_FOUND, 404, subject(type, key) + " not found");
    }

    static ApiError alreadyExists(ResourceType<?> type, ObjectKey key) {
      return ApiError.of(Kind.ALREADY_EXISTS, 409, subject(type, key) + " already exists");
    }

    static ApiError conflict(ResourceType<?> type, ObjectKey key) {
      return ApiError.of(
          Kind.CONFLICT,
          409,
          "Operation cannot be fulfilled on " + subject(type, key) + ": it has been modified");
    }

    static ApiError twoControllers(ResourceType<?> type, ObjectKey key) {
      return ApiError.of(
          Kind.INVALID,
          422,
          subject(type, key) + " is invalid: only one reference can have controller set to true");
    }

    static ApiError namespaceTerminating(ResourceType<?> type, ObjectKey key) {
      ApiError.Cause cause =
          new ApiError.Cause(
              "NamespaceTerminating", "namespace is being terminated", "metadata.namespace");
      return new ApiError(
          Kind.FORBIDDEN,
          403,
          "Forbidden",
          subject(type, key) + " is forbidden: the namespace is being terminated",
          List.of(cause),
          null);
    }

    private static String subject(ResourceType<?> type, ObjectKey key) {
      return type.qualifiedPlural() + " \"" + key.name() + "\"";
    }
  }
}
