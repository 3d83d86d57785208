-- A result has some three kilobytes, and Postgres took longer to compress them than to keep them.
alter table strategy_results set (toast_tuple_target = 8160);
