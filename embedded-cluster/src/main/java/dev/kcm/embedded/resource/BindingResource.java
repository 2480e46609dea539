package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.ObjectRules.Part;
import dev.kcm.embedded.resource.UpdateRules.Target;
import java.time.Clock;
import java.util.List;

/**
 * The binding subresource: puts a pod on a node.
 *
 * <p>Thread-safe: without state of its own.
 */
final class BindingResource {

  private final Decoder decoder;
  private final UpdateRules updates;
  private final Clock clock;

  BindingResource(Decoder decoder, UpdateRules updates, Clock clock) {
    this.decoder = decoder;
    this.updates = updates;
    this.clock = clock;
  }

  /** Binds the pod of the path, or the one that the binding names. */
  ApiAnswer bind(ApiRequest request, Kind pods) {
    WriteOptions options = WriteOptions.of(request, "CreateOptions");
    ObjectNode binding =
        decoder.decode("v1", "Binding", request.body(), options.validation()).object();
    String node = node(binding);
    String pod = request.name().isEmpty() ? Meta.name(binding) : request.name();
    Target target = new Target(pods, request.namespace(), pod, Part.BINDING, options.dryRun());
    updates.apply(target, current -> bound(current, binding, node));
    return ApiAnswer.of(201, Statuses.created());
  }

  private static String node(JsonNode binding) {
    JsonNode target = binding.path("target");
    FieldErrors errors = new FieldErrors();
    String kind = target.path("kind").asText("");
    if (!kind.isEmpty() && !kind.equals("Node")) {
      errors.notSupported("target.kind", target.path("kind"), List.of("Node", "<empty>"));
    }
    String name = target.path("name").asText("");
    if (name.isEmpty()) {
      errors.required("target.name", "");
    }
    if (!errors.isEmpty()) {
      throw Statuses.invalid("", "Binding", Meta.name(binding), errors);
    }
    return name;
  }

  private ObjectNode bound(JsonNode pod, JsonNode binding, String node) {
    String name = Meta.name(pod);
    requireUnbound(pod, name);
    ObjectNode next = pod.deepCopy();
    ObjectNode spec = Trees.child(next, "spec");
    spec.put("nodeName", node);
    for (String field : List.of("annotations", "labels")) {
      JsonNode added = binding.path("metadata").path(field);
      added
          .properties()
          .forEach(e -> Trees.child(Meta.of(next), field).set(e.getKey(), e.getValue()));
    }
    for (String field : List.of("uid", "resourceVersion")) {
      if (!Meta.text(binding, field).isEmpty()) {
        Meta.of(next).put(field, Meta.text(binding, field));
      }
    }
    ObjectNode status = Trees.child(next, "status");
    status.remove("nominatedNodeName");
    Conditions.set(status, "PodScheduled", "True", "", "", clock.instant());
    return next;
  }

  private static void requireUnbound(JsonNode pod, String name) {
    String node = pod.path("spec").path("nodeName").asText("");
    if (Meta.isDeleting(pod)) {
      throw refused(name, "pod " + name + " is being deleted, cannot be assigned to a host");
    }
    if (!node.isEmpty()) {
      throw refused(name, "pod " + name + " is already assigned to node \"" + node + "\"");
    }
    if (!pod.path("spec").path("schedulingGates").isEmpty()) {
      throw refused(name, "pod " + name + " has non-empty .spec.schedulingGates");
    }
  }

  private static StatusException refused(String name, String why) {
    return Statuses.conflict("", "pods/binding", name, why);
  }
}
