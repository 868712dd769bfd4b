-- What GET /movies?q= asks. Needs db/0108-movie-search.sql.

-- The words as somebody may have meant them who swapped two neighbouring letters: each word, or any of its swaps.
create function read.swapped_letters(folded_q text) returns tsquery
language sql immutable strict parallel safe as $$
  select string_agg('(' || readings || ')', ' & ')::tsquery
  from (
    select string_agg('''' || reading || '''', ' | ') as readings
    from unnest(string_to_array(folded_q, ' ')) with ordinality as w(word, place) cross join lateral (
      select word
      union
      select overlay(word placing substr(word, i + 1, 1) || substr(word, i, 1) from i for 2)
      from generate_series(1, case when length(word) between 4 and 30 then length(word) - 1 else 0 end) i) as r(reading)
    where place <= 12
    group by place) q
$$;
comment on function read.swapped_letters is 'Text query for the words of a folded text, each with any two neighbouring letters swapped.';

-- The best movies for what somebody typed, in five ways, each only for what the former ones did not find: the title itself; titles that begin so; titles with
-- all the words, of which the last may be begun only; and if there is none, the same with neighbouring letters swapped; and if there is none, titles that are
-- alike by their trigrams. Within a way: full text rank, similarity in tenths, popularity, ordinal id. Where more than a thousand match in one way, popularity alone ranks them: it is walked down until
-- the page is full, and what nobody has rated, watched or opened follows by its id, since ranking thousands takes too long and a word that thousands of titles have tells them no better apart. Nothing lies beyond the
-- thousandth, so a page lies within one such way.
create function read.search_movies(q text, with_genre text, from_year integer, to_year integer, skip integer, take integer)
returns table (movie_id text, title text, year integer, genres text[], adult boolean, events bigint, matched_by text)
language plpgsql stable as $$
declare
  folded_q text := left(read.fold_text(q), 400);
  typed tsquery := plainto_tsquery('simple', folded_q);
  swapped tsquery := read.swapped_letters(folded_q);
  filter text := case when with_genre is null then '' else ' and m.genres @> array[$4]' end || case when from_year is null then '' else ' and m.year between $5 and $6' end;
  former text := '';
  alike constant text := 'round(read.title_similarity(m.folded, $1)::numeric, 1) desc, ';
  way record;
  found integer := 0;
  matching integer;
  given integer;
  popular integer;
begin
  take := least(take, 1000 - skip);
  if numnode(typed) > 0 and folded_q ~ '[^ ]{3}$' then
    typed := (typed::text || ':*')::tsquery;
  end if;
  for way in
    select * from (values
      ('any', 'true', ''),
      ('title', 'm.folded = $1', ''),
      ('beginning', '(m.folded >= $1 and m.folded < $1 || chr(1114111))', alike), -- not LIKE, for which the trigrams' index looks cheaper than it is
      ('words', 'm.words @@ $2', 'ts_rank_cd(m.words, $2) desc, ' || alike),
      ('swapped letters', 'm.words @@ $3', 'ts_rank_cd(m.words, $3) desc, ' || alike),
      ('trigrams', 'm.movie_id in (select read.titles_like($1))', 'read.title_similarity(m.folded, $1) desc, ')) as w(name, condition, ranking)
    where case when q is null then name = 'any' else name <> 'any' and folded_q <> '' end
  loop
    exit when found > 0 and way.name in ('swapped letters', 'trigrams');
    if way.name = 'trigrams' then
      matching := 1000; -- the last way: finding out how many there are costs as much as ranking them
    else
      execute format('select count(*) from (select from read.movies m where %s%s%s limit 1001) m', way.condition, former, filter)
        into matching using folded_q, typed, swapped, with_genre, from_year, to_year;
    end if;
    if matching > skip then
      return query execute format(
        'select m.movie_id, m.title, m.year, m.genres, m.adult, coalesce(p.events, 0), $9 from %s where %s%s%s order by %s offset $7 limit $8',
        case when matching > 1000 then 'read.movie_popularity p join read.movies m using (movie_id)' else 'read.movies m left join read.movie_popularity p using (movie_id)' end,
        way.condition, former, filter,
        case when matching > 1000 then 'p.events desc, p.movie_id collate "C"' else way.ranking || 'p.events desc nulls last, m.movie_id collate "C"' end)
        using folded_q, typed, swapped, with_genre, from_year, to_year, skip, take, way.name;
      get diagnostics given = row_count;
      take := take - given;
      if matching > 1000 and take > 0 then
        if given = 0 and skip > 0 then -- the page begins behind the last popular one: how far behind?
          execute format('select count(*) from read.movie_popularity p join read.movies m using (movie_id) where %s%s%s', way.condition, former, filter)
            into popular using folded_q, typed, swapped, with_genre, from_year, to_year;
        else
          popular := skip;
        end if;
        return query execute format(
          'select m.movie_id, m.title, m.year, m.genres, m.adult, 0::bigint, $9 from read.movies m where %s%s%s
           and not exists (select from read.movie_popularity p where p.movie_id = m.movie_id) order by m.movie_id collate "C" offset $7 limit $8',
          way.condition, former, filter)
          using folded_q, typed, swapped, with_genre, from_year, to_year, skip - popular, take, way.name;
        get diagnostics given = row_count;
        take := take - given;
      end if;
      exit when take <= 0;
    end if;
    found := found + matching;
    skip := greatest(skip - matching, 0);
    former := former || ' and not ' || way.condition;
  end loop;
end
$$;
comment on function read.search_movies is 'The best movies for what somebody typed (null: the most popular ones), and which way each was found. See read.misspelling().';
