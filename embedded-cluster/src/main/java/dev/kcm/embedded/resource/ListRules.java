package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.store.CompactedException;
import dev.kcm.embedded.store.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Lists objects: current or at a revision, filtered, in pages that all show the first one's
 * revision.
 *
 * <p>Thread-safe: without state of its own.
 */
final class ListRules {

  /** What a page is cut from: a snapshot, and the key it starts at. */
  private record Start(Snapshot snapshot, String key) {}

  private final Objects objects;

  ListRules(Objects objects) {
    this.objects = objects;
  }

  ApiAnswer list(ApiRequest request, Kind kind) {
    ListOptions options = ListOptions.forList(request, kind);
    Start start = start(kind, request.namespace(), options);
    return ApiAnswer.of(200, page(kind, request.namespace(), options, start));
  }

  private Start start(Kind kind, String namespace, ListOptions options) {
    if (!options.continueToken().isEmpty()) {
      return resume(kind, namespace, options);
    }
    long current = objects.store().revision();
    if (options.version() > current) {
      throw Statuses.tooLargeVersion(options.version(), current);
    }
    if (!options.exact()) {
      return new Start(objects.list(kind, namespace), "");
    }
    try {
      return new Start(objects.listAt(kind, namespace, options.version()), "");
    } catch (CompactedException e) {
      throw Statuses.expired("The resourceVersion for the provided list is too old.");
    }
  }

  private Start resume(Kind kind, String namespace, ListOptions options) {
    PageToken token = PageToken.parse(options.continueToken());
    String key = Objects.prefix(namespace) + token.start();
    if (token.revision() < 0) {
      return new Start(objects.list(kind, namespace), key);
    }
    if (token.revision() > objects.store().revision()) {
      throw Statuses.tooLargeVersion(token.revision(), objects.store().revision());
    }
    try {
      return new Start(objects.listAt(kind, namespace, token.revision()), key);
    } catch (CompactedException e) {
      throw Statuses.withContinue(
          Statuses.expired(
              "The provided continue parameter is too old to display a consistent list result. You"
                  + " can start a new list without the continue parameter, or use the continue"
                  + " token in this response to retrieve the remainder of the results. Continuing"
                  + " with the provided token results in an inconsistent list - objects that were"
                  + " created, modified, or deleted between the time the first chunk was returned"
                  + " and now may show up in the list."),
          new PageToken(-1, token.start()).encode());
    }
  }

  private static ObjectNode page(Kind kind, String namespace, ListOptions options, Start start) {
    List<Map.Entry<String, JsonNode>> chosen = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : start.snapshot().entries()) {
      if (entry.getKey().compareTo(start.key()) >= 0) {
        JsonNode object = Versions.fromStored(kind, entry.getValue());
        if (options.matches(object)) {
          chosen.add(Map.entry(entry.getKey(), object));
        }
      }
    }
    ObjectNode list = Trees.object();
    list.put("kind", kind.kind() + "List").put("apiVersion", kind.apiVersion());
    ObjectNode metadata =
        list.putObject("metadata")
            .put("resourceVersion", Long.toString(start.snapshot().revision()));
    long size = options.limit() > 0 ? Math.min(options.limit(), chosen.size()) : chosen.size();
    if (size < chosen.size()) {
      String last = chosen.get((int) size - 1).getKey();
      String next = last.substring(Objects.prefix(namespace).length()) + "\0";
      metadata.put("continue", new PageToken(start.snapshot().revision(), next).encode());
      if (!options.hasSelectors()) {
        metadata.put("remainingItemCount", chosen.size() - size);
      }
    }
    ArrayNode items = list.putArray("items");
    chosen.subList(0, (int) size).forEach(entry -> items.add(item(kind, entry.getValue())));
    return list;
  }

  /** Items of built-in kinds go without type, as the list already says it. */
  private static JsonNode item(Kind kind, JsonNode object) {
    if (!KindKey.isBuiltIn(kind)) {
      return object;
    }
    ObjectNode item = Trees.shallow(object);
    item.remove(List.of("kind", "apiVersion"));
    return item;
  }
}
