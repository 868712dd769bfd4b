-- Searching movies by title (and people by id): full text for whole words, trigrams for misspelt ones. What is added to read.movies is generated: its
-- projection (Catalogue) writes none of it.

-- Folds a text to what people type: lower case, no accents, no article in front or behind ("Matrix, The"), words parted by single blanks. The same on every
-- server, whatever its collation: lower() is asked for ASCII only, and other alphabets are listed.
create function read.fold_text(value text) returns text
language sql immutable strict parallel safe as $$
  select btrim(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    replace(replace(replace(replace(replace(
      translate(
        lower(regexp_replace(normalize(value, NFKD), '[\u0300-\u036f]', '', 'g') collate "C"),
        'ØøŁłĐđÐðĦħŦŧıƏəΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩςАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЄІҐЂЈЉЊЋЏ',
        'oollddddhhttieeαβγδεζηθικλμνξοπρστυφχψωσабвгдежзиклмнопрстуфхцчшщъыьэюяєіґђјљњћџ'),
      'ß', 'ss'), 'æ', 'ae'), 'Æ', 'ae'), 'œ', 'oe'), 'Œ', 'oe'),
    ', (the|a|an|le|la|les|l''|un|une|el|los|las|il|lo|gli|der|die|das|ein|eine|den|det|de|het|o|os|as)( \(.*)?$', '\2'),
    '&', ' and ', 'g'),
    '[''’‘`.*]', '', 'g'),
    '[^a-z0-9\u00c0-\u1fff\u2070-\u2fff\u3040-\U0010ffff]+', ' ', 'g'),
    '^ ?(the|an?) (?=.)', ''), ' ')
$$;
comment on function read.fold_text is 'Lower case without accents, punctuation and articles, words parted by single blanks; the same whatever the collation of the database.';

alter table read.movies
  add column folded text collate "C" generated always as (left(read.fold_text(title), 400)) stored,
  add column words tsvector generated always as (to_tsvector('simple', left(read.fold_text(title), 400))) stored;
comment on column read.movies.folded is 'The title as read.fold_text gives it, as much of it as an index takes.';
comment on column read.movies.words is 'Its words, none left out.';
create index movies_by_folded on read.movies (folded);
create index movies_by_words on read.movies using gin (words) with (gin_pending_list_limit = 256);
-- The most popular matches of a search that matches thousands are found by walking down this index.
create index movie_popularity_by_events on read.movie_popularity (events desc, movie_id collate "C");

-- Makes what needs the extension pg_trgm, or what stands in for it where it may not be created. An administrator who installs the extension later calls this
-- again. The pending lists of the indexes are short: a search reads them whole.
create function read.prepare_search() returns text
language plpgsql as $prepare$
declare
  home text;
  problem text;
begin
  begin
    create extension if not exists pg_trgm schema read;
  exception when others then
    problem := sqlerrm;
  end;
  select quote_ident(n.nspname) into home from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm';
  if home is null then
    create or replace function read.title_similarity(a text, b text) returns real language sql immutable strict parallel safe as 'select 0::real';
    create or replace function read.titles_like(folded_q text) returns setof text language sql stable strict parallel safe as 'select null::text where false';
    create or replace function read.user_ids_like(q text) returns setof text language sql stable strict parallel safe as 'select null::text where false';
    create or replace function read.misspelling() returns text language sql immutable parallel safe as
      $$ select 'Misspelt words find nothing: the extension pg_trgm is not in this database. Create it there and call read.prepare_search().' $$;
    raise warning 'Searching will not forgive misspelling: %', problem;
    return problem;
  end if;
  execute format('create index if not exists movies_by_trigrams on read.movies using gin (folded %s.gin_trgm_ops) with (gin_pending_list_limit = 256)', home);
  execute format('create or replace function read.title_similarity(a text, b text) returns real language sql immutable strict parallel safe as ''select %s.similarity(a, b)''', home);
  execute format('select %s.show_limit()', home); -- loads the library, and with it the setting
  execute format(
    $$ create or replace function read.titles_like(folded_q text) returns setof text language sql stable strict parallel safe rows 100
       set pg_trgm.similarity_threshold = 0.4 set enable_seqscan = off as 'select movie_id from read.movies where folded operator(%s.%%) folded_q' $$, home);
  execute format('create index if not exists user_history_by_trigrams on read.user_history using gin (user_id %s.gin_trgm_ops) with (gin_pending_list_limit = 256)', home);
  execute format(
    $$ create or replace function read.user_ids_like(q text) returns setof text language sql stable strict parallel safe rows 100
       set pg_trgm.similarity_threshold = 0.35 set enable_seqscan = off as 'select user_id from read.user_history where user_id operator(%s.%%) q' $$, home);
  create or replace function read.misspelling() returns text language sql immutable parallel safe as 'select null::text';
  return null;
end
$prepare$;
comment on function read.prepare_search is 'Lets searches forgive misspelling, if the extension pg_trgm is there or may be created. Returns why not, or null.';
select read.prepare_search();
