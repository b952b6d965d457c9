-- Full-text search: what is found as one (a context, or one event of a transcript), and its words. The words are cut by the program, in lower case, and the
-- tokenizer only splits at spaces; the index keeps no text, so that nothing is stored twice and what is dropped is gone.
CREATE TABLE search_docs (
  doc           INTEGER PRIMARY KEY,
  resource_type TEXT NOT NULL,
  resource_id   TEXT NOT NULL,
  event_id      TEXT NOT NULL,  -- empty for the context itself
  hash          INTEGER NOT NULL
);
CREATE UNIQUE INDEX search_docs_by_document ON search_docs (resource_id, resource_type, event_id);
CREATE VIRTUAL TABLE search_words USING fts5(words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
