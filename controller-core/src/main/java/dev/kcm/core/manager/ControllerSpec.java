package dev.kcm.core.manager;

import dev.kcm.core.access.Access;
import dev.kcm.core.loop.Loop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A controller as the manager knows it: its names, who it is for the API server, and how it is
 * wired. Making a spec loads nothing; wiring happens only for controllers that are selected.
 *
 * @param name canonical name, for example {@code replicaset-controller}
 * @param aliases other names users may give
 * @param client client identity: a service account name, or the end of the User-Agent
 * @param enabledByDefault whether it runs unless told otherwise
 * @param requiredGates feature gates that must all be on
 * @param access what it does at the API server; empty when it is not declared
 * @param wiring makes its loops
 */
public record ControllerSpec(
    String name,
    List<String> aliases,
    String client,
    boolean enabledByDefault,
    List<String> requiredGates,
    List<Access> access,
    Wiring wiring) {

  public ControllerSpec {
    if (name.isBlank() || client.isBlank()) {
      throw new IllegalArgumentException(
          "the name of a controller is \"%s\" and its client \"%s\", allowed: any text that is not blank"
              .formatted(name, client));
    }
    aliases = List.copyOf(aliases);
    requiredGates = List.copyOf(requiredGates);
    access = List.copyOf(access);
  }

  /** Starts a builder. */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /** Makes the loops of a controller. */
  @FunctionalInterface
  public interface Wiring {

    /**
     * The loops, not started; empty when the controller has nothing to do as it is configured,
     * which {@link Manager#skipped()} tells. Called at most once for each manager, on the thread
     * that starts it. Informers asked for here are started afterwards.
     */
    List<? extends Loop<?>> wire(ControllerContext context);
  }

  /** Builds a spec. Single use, confined to one thread. */
  public static final class Builder {

    private final String name;
    private final List<String> aliases = new ArrayList<>();
    private final List<String> requiredGates = new ArrayList<>();
    private final List<Access> access = new ArrayList<>();
    private boolean enabledByDefault = true;
    private @Nullable String client;

    private Builder(String name) {
      this.name = name;
    }

    /** Another name users may give. */
    public Builder alias(String alias) {
      aliases.add(alias);
      return this;
    }

    /** Client identity. Default: the canonical name. */
    public Builder client(String identity) {
      client = identity;
      return this;
    }

    /** Runs only when selected by name. */
    public Builder disabledByDefault() {
      enabledByDefault = false;
      return this;
    }

    /** Runs only while the feature gate is on. */
    public Builder requires(String featureGate) {
      requiredGates.add(featureGate);
      return this;
    }

    /**
     * What the controller does at the API server, in addition to what was said before: each watch
     * and each request of its plans. Roles and documentation are made from it; it enforces nothing.
     */
    public Builder access(Access... declared) {
      access.addAll(List.of(declared));
      return this;
    }

    /** The spec, with the wiring given. */
    public ControllerSpec wiredBy(Wiring wiring) {
      return new ControllerSpec(
          name,
          aliases,
          client == null ? name : client,
          enabledByDefault,
          requiredGates,
          access,
          wiring);
    }
  }
}
